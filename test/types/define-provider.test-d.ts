import { createReceiver, defineProvider } from "@hooklatch/core";
import type { EventsOf, Provider, ProviderDefinition } from "@hooklatch/core";
import { allOf, anyOf, hmac, ipAllowlist, sharedSecret } from "@hooklatch/core/schemes";
import type { SharedSecretOptions, SignatureOptions, StandardWebhooksOptions } from "@hooklatch/core/schemes";
import { createMockSender } from "@hooklatch/mock-sender";
import { standardWebhooksMock } from "@hooklatch/mock-sender/standard-webhooks";
import type { ContactEvents } from "@hooklatch/mock-sender/standard-webhooks";
import { standardWebhooksProvider } from "@hooklatch/providers/standard-webhooks";
import * as v from "valibot";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";

interface ParcelEvents {
  "parcel.sent": { readonly tracking: string };
  "parcel.lost": { readonly since: string };
}

const scheme = hmac({ secrets: "a secret", header: "x-signature", encoding: "hex" });
const definition = { name: "parcel", scheme } satisfies ProviderDefinition;
const schemas = {
  "parcel.sent": z.object({ tracking: z.coerce.string() }),
  "parcel.lost": v.object({ since: v.pipe(v.string(), v.toDate()) }),
};
interface SchemaEvents {
  readonly "parcel.sent": { tracking: string };
  readonly "parcel.lost": { since: Date };
}

test("the event map is a type argument", () => {
  const parcel = defineProvider<ParcelEvents>(definition);
  expectTypeOf(parcel).toEqualTypeOf<Provider<ParcelEvents>>();
  const receiver = createReceiver({ provider: parcel });
  receiver.on("parcel.sent", ({ payload }) => expectTypeOf(payload.tracking).toBeString());
  receiver.on("parcel.*", ({ type }) => expectTypeOf(type).toEqualTypeOf<"parcel.sent" | "parcel.lost">());
  // @ts-expect-error: no such event
  receiver.on("parcel.found", () => {});
});

test("without one, any event may come, and its payload is unknown", () => {
  const parcel = defineProvider(definition);
  expectTypeOf(parcel).toEqualTypeOf<Provider>();
  createReceiver({ provider: parcel }).on("any.thing", ({ payload }) => expectTypeOf(payload).toBeUnknown());
});

test("the event map is what the Standard Schemas make, of zod as of valibot", () => {
  const parcel = defineProvider({ ...definition, events: schemas });
  expectTypeOf<EventsOf<typeof schemas>>().toEqualTypeOf<SchemaEvents>();
  const receiver = createReceiver({ provider: parcel });
  receiver.on("parcel.sent", ({ payload }) => expectTypeOf(payload).toEqualTypeOf<{ tracking: string }>());
  receiver.on("parcel.lost", ({ payload }) => expectTypeOf(payload.since).toEqualTypeOf<Date>());
  // @ts-expect-error: no such event
  receiver.on("parcel.found", () => {});
  // @ts-expect-error: a validator that is no Standard Schema
  defineProvider({ ...definition, events: { "parcel.sent": (value: unknown) => value } });
});

test("a locator is a path or a function of the verified body", () => {
  defineProvider({ ...definition, type: "a.b", id: (body) => body["id"], occurredAt: { at: "at", unit: "seconds" } });
  defineProvider({ ...definition, id: "body-hash", payload: (_body, delivery) => delivery.receivedAtMs });
  defineProvider({ ...definition, payload: (body) => expectTypeOf(body["data"]).toBeUnknown() });
  // @ts-expect-error: minutes are no unit
  defineProvider({ ...definition, occurredAt: { at: "at", unit: "minutes" } });
});

test("the provider for Standard Webhooks takes its event map in the same two ways", () => {
  const options = { name: "parcel", secrets: "whsec_" };
  const typed = () => standardWebhooksProvider<ParcelEvents>(options);
  expectTypeOf(typed).returns.toEqualTypeOf<Provider<ParcelEvents>>();
  const given = () => standardWebhooksProvider({ ...options, events: schemas });
  expectTypeOf(given).returns.toEqualTypeOf<Provider<EventsOf<typeof schemas>>>();
  // @ts-expect-error: a name keeps its event ids apart from another platform's
  const nameless = () => standardWebhooksProvider({ secrets: "whsec_" });
  expectTypeOf(nameless).toBeFunction();
});

test("its mock is typed by its fixtures, and has events of its own without", () => {
  const usual = createMockSender(standardWebhooksMock());
  expectTypeOf(usual.provider).toEqualTypeOf<Provider<ContactEvents>>();
  expectTypeOf(usual.credentials).toEqualTypeOf<{ readonly secret: string; readonly publicKey: string }>();
  const typed = standardWebhooksMock<ParcelEvents>({
    fixtures: { "parcel.sent": ({ sequence }) => ({ tracking: `P${sequence}` }), "parcel.lost": () => ({ since: "" }) },
  });
  expectTypeOf(createMockSender(typed).types).toEqualTypeOf<readonly ("parcel.sent" | "parcel.lost")[]>();
  // @ts-expect-error: a fixture is missing
  const incomplete = () => standardWebhooksMock<ParcelEvents>({ fixtures: { "parcel.lost": () => ({ since: "" }) } });
  expectTypeOf(incomplete).toBeFunction();
});

test("a signed time stands in a header or in a field, and schemes combine", () => {
  expectTypeOf<{ field: string }>().toExtend<NonNullable<SignatureOptions["timestamp"]>>();
  expectTypeOf<{ header: string; unit: "milliseconds" }>().toExtend<NonNullable<SignatureOptions["timestamp"]>>();
  expectTypeOf<{ unit: "seconds" }>().not.toExtend<NonNullable<SignatureOptions["timestamp"]>>();
  expectTypeOf(allOf(ipAllowlist({ addresses: ["203.0.113.7"] }), anyOf(scheme))).toEqualTypeOf<typeof scheme>();
});

test("a shared secret says where it stands, and what is not there is not asked for", () => {
  const secrets = "0123456789abcdef";
  sharedSecret({ in: "header", name: "authorization", prefix: "Bearer ", secrets });
  sharedSecret({ in: "basic", secrets: `user:${secrets}` });
  expectTypeOf<{ in: "path"; secrets: () => Promise<string> }>().toExtend<SharedSecretOptions>();
  expectTypeOf<{ in: "header"; secrets: string }>().not.toExtend<SharedSecretOptions>();
  expectTypeOf<{ in: "cookie"; name: string; secrets: string }>().not.toExtend<SharedSecretOptions>();
});

test("a secret that may be undefined is seen by the compiler", () => {
  expectTypeOf<{ secrets: string | undefined }>().not.toExtend<StandardWebhooksOptions>();
  expectTypeOf<{ secrets: readonly [string, () => Promise<string>] }>().toExtend<StandardWebhooksOptions>();
});
