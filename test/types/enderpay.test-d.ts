import { createReceiver } from "@hooklatch/core";
import type { EventTypeOf, Provider } from "@hooklatch/core";
import { enderpay } from "@hooklatch/providers/enderpay";
import type {
  BannedLogin,
  enderpayEventTypes,
  EnderpayEvents,
  EnderpayEventType,
  EnderpayOptions,
  GivenReward,
  Login,
  Purchase,
} from "@hooklatch/providers/enderpay";
import { expectTypeOf, test } from "vitest";

test("the runtime list of event types is exactly the event map", () => {
  expectTypeOf<(typeof enderpayEventTypes)[number]>().toEqualTypeOf<keyof EnderpayEvents>();
  expectTypeOf<(typeof enderpayEventTypes)["length"]>().toEqualTypeOf<9>();
  expectTypeOf<EnderpayEventType>().toEqualTypeOf<EventTypeOf<EnderpayEvents>>();
});

test("enderpay() is a provider of these events", () => {
  expectTypeOf(enderpay).returns.toEqualTypeOf<Provider<EnderpayEvents>>();
});

test("an event carries what its name says", () => {
  expectTypeOf<EnderpayEvents[Extract<EnderpayEventType, `STORE_PACKAGE_${string}`>]>().toEqualTypeOf<Purchase>();
  expectTypeOf<EnderpayEvents[Extract<EnderpayEventType, `REWARD_${string}`>]>().toEqualTypeOf<GivenReward>();
  expectTypeOf<EnderpayEvents["STORE_LOGIN_SUCCESSFUL"]>().toEqualTypeOf<Login>();
  expectTypeOf<EnderpayEvents["STORE_LOGIN_PLAYER_BANNED"]>().toEqualTypeOf<BannedLogin>();
});

test("money is decimal text and never a number", () => {
  expectTypeOf<Purchase["payment"]["total"]>().toEqualTypeOf<string>();
});

test("handlers get the payload of their event", () => {
  const receiver = createReceiver({ provider: enderpay({ secrets: "" }) });
  receiver.on("STORE_PACKAGE_INITIAL", ({ type, payload }) => {
    expectTypeOf(type).toEqualTypeOf<"STORE_PACKAGE_INITIAL">();
    expectTypeOf(payload.package.quantity).toBeNumber();
    // @ts-expect-error payloads are read-only
    payload.package = { name: "", quantity: 2 };
  });
  // @ts-expect-error the names of Enderpay have no dots, so there is no prefix
  receiver.on("STORE.*", () => {});
});

test("the secret stands in the path or in the query", () => {
  expectTypeOf<{ in: "path" }>().toExtend<NonNullable<EnderpayOptions["secretIn"]>>();
  expectTypeOf<{ in: "query"; name: string }>().toExtend<NonNullable<EnderpayOptions["secretIn"]>>();
  expectTypeOf<{ in: "header"; name: string }>().not.toExtend<EnderpayOptions["secretIn"]>();
  expectTypeOf<{ readonly secrets: undefined }>().not.toExtend<EnderpayOptions>();
});
