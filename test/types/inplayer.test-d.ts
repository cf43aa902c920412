import { createReceiver } from "@hooklatch/core";
import type { EventOf, EventTypeOf, Provider } from "@hooklatch/core";
import { inplayer } from "@hooklatch/providers/inplayer";
import type {
  inplayerEventTypes,
  Access,
  CardSale,
  Customer,
  FailedOperation,
  InPlayerEvents,
  InPlayerEventType,
  InPlayerForm,
  InPlayerOptions,
  InPlayerPayload,
  RecurringSale,
  Refund,
  Sale,
} from "@hooklatch/providers/inplayer";
import { expectTypeOf, test } from "vitest";

test("the runtime list of event types is exactly the event map", () => {
  expectTypeOf<(typeof inplayerEventTypes)[number]>().toEqualTypeOf<keyof InPlayerEvents>();
  expectTypeOf<InPlayerEventType>().toEqualTypeOf<EventTypeOf<InPlayerEvents>>();
});

test("inplayer() is a provider of these events", () => {
  expectTypeOf(inplayer).returns.toEqualTypeOf<Provider<InPlayerEvents>>();
});

test("an event carries its own type and the resource its name says", () => {
  expectTypeOf<InPlayerEvents["payment.card.success"]>().toEqualTypeOf<
    InPlayerPayload<"payment.card.success", CardSale>
  >();
  expectTypeOf<InPlayerEvents["payment.refund.success"]["resource"]>().toEqualTypeOf<Refund>();
  expectTypeOf<InPlayerEvents["subscribe.expired"]["resource"]>().toEqualTypeOf<Sale>();
  expectTypeOf<InPlayerEvents["external.subscribe.success"]["resource"]>().toEqualTypeOf<RecurringSale>();
  expectTypeOf<InPlayerEvents["asset.access.revoked"]["resource"]>().toEqualTypeOf<Access>();
  expectTypeOf<InPlayerEvents["customer.registered"]["resource"]>().toEqualTypeOf<Customer>();
  type Failures = Exclude<Extract<InPlayerEventType, `${string}.failed`>, "external.subscribe.update.failed">;
  expectTypeOf<InPlayerEvents[Failures]["resource"]>().toEqualTypeOf<FailedOperation>();
});

test("a field has the type of its kind, and each may be missing", () => {
  expectTypeOf<Sale["amount"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Sale["customer_id"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Sale["formatted_amount"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Refund["is_partial"]>().toEqualTypeOf<boolean | undefined>();
  expectTypeOf<Access["voucher_code"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Pick<Access, "expires_at">>().toEqualTypeOf<{ readonly expires_at?: number }>();
  expectTypeOf<Customer>().toEqualTypeOf<{
    readonly active?: boolean;
    readonly completed?: boolean;
    readonly created_at?: number;
    readonly date_of_birth?: number;
    readonly email?: string;
    readonly full_name?: string;
    readonly id?: number;
    readonly merchant_id?: number;
    readonly merchant_uuid?: string;
    readonly referrer?: string;
    readonly updated_at?: number;
    readonly username?: string;
    readonly uuid?: string;
  }>();
});

test("the form is texts, lists and objects of them", () => {
  expectTypeOf<InPlayerPayload["form"]>().toEqualTypeOf<InPlayerForm>();
  expectTypeOf<InPlayerPayload["created"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<{ readonly a: "1"; readonly b: { readonly c: readonly ["2"] } }>().toExtend<InPlayerForm>();
  expectTypeOf<{ readonly a: number }>().not.toExtend<InPlayerForm>();
});

test("handlers get the typed payload, for a type and for a prefix", () => {
  const receiver = createReceiver({ provider: inplayer({ secrets: "" }) });
  receiver.on("payment.card.success", ({ type, payload }) => {
    expectTypeOf(type).toEqualTypeOf<"payment.card.success">();
    expectTypeOf(payload.type).toEqualTypeOf<"payment.card.success">();
    expectTypeOf(payload.misfits).toEqualTypeOf<readonly string[]>();
    // @ts-expect-error payloads are read-only
    payload.resource.amount = 5;
    // @ts-expect-error a field of another event
    return payload.resource.is_partial;
  });
  receiver.on("asset.*", ({ payload }) => expectTypeOf(payload.resource).toEqualTypeOf<Access>());
  receiver.on("customer.*", (event) => {
    if (event.type === "customer.updated") expectTypeOf(event.payload.resource.id).toEqualTypeOf<number | undefined>();
  });
  // @ts-expect-error the notifications' name of an event, not the webhooks'
  receiver.on("access.granted", () => {});
  expectTypeOf<EventOf<InPlayerEvents, "customer.*">["type"]>().toEqualTypeOf<
    "customer.registered" | "customer.updated" | "customer.password.updated"
  >();
});

test("secrets may be texts, functions and lists of both", () => {
  expectTypeOf<string>().toExtend<InPlayerOptions["secrets"]>();
  expectTypeOf<() => Promise<string>>().toExtend<InPlayerOptions["secrets"]>();
  expectTypeOf<readonly [string, () => Promise<readonly string[]>]>().toExtend<InPlayerOptions["secrets"]>();
  expectTypeOf<{ readonly secrets: undefined }>().not.toExtend<InPlayerOptions>();
});
