import { createReceiver } from "@hooklatch/core";
import type { EventOf, EventTypeOf, Provider } from "@hooklatch/core";
import { chipSend } from "@hooklatch/providers/chip-send";
import type {
  BankAccount,
  BudgetAllocation,
  chipSendEventTypes,
  ChipSendEvents,
  ChipSendEventType,
  ChipSendOptions,
  SendInstruction,
} from "@hooklatch/providers/chip-send";
import { expectTypeOf, test } from "vitest";

test("the runtime list of event types is exactly the event map", () => {
  expectTypeOf<(typeof chipSendEventTypes)[number]>().toEqualTypeOf<keyof ChipSendEvents>();
  expectTypeOf<(typeof chipSendEventTypes)["length"]>().toEqualTypeOf<3>();
  expectTypeOf<ChipSendEventType>().toEqualTypeOf<EventTypeOf<ChipSendEvents>>();
});

test("chipSend() is a provider of these events", () => {
  expectTypeOf(chipSend).returns.toEqualTypeOf<Provider<ChipSendEvents>>();
});

test("handlers get the object their event is about", () => {
  const receiver = createReceiver({ provider: chipSend({ publicKey: "" }) });
  receiver.on("bank_account_status", ({ payload }) => expectTypeOf(payload).toEqualTypeOf<BankAccount>());
  receiver.on("send_instruction_status", ({ payload }) => expectTypeOf(payload).toEqualTypeOf<SendInstruction>());
  receiver.on("budget_allocation_status", ({ payload }) => {
    expectTypeOf(payload).toEqualTypeOf<BudgetAllocation>();
    // @ts-expect-error payloads are read-only
    payload.fee = 0;
  });
  // @ts-expect-error CHIP Collect has other events
  receiver.on("purchase.paid", () => {});
});

test("an event beyond the map has a payload of which nothing is known", () => {
  expectTypeOf<Exclude<EventOf<ChipSendEvents, "*">["payload"], ChipSendEvents[ChipSendEventType]>>().toBeUnknown();
});

test("a state that CHIP adds later is still a state, and the known ones are offered", () => {
  expectTypeOf<"completed">().toExtend<SendInstruction["state"]>();
  expectTypeOf<"half_completed">().toExtend<SendInstruction["state"]>();
  expectTypeOf<number>().not.toExtend<SendInstruction["state"]>();
});

test("an amount may be either of the forms CHIP shows", () => {
  expectTypeOf<SendInstruction["amount"]>().toEqualTypeOf<string | number>();
  expectTypeOf<BudgetAllocation["amount"]>().toEqualTypeOf<number>();
});

test("keys may be texts, functions and lists of both", () => {
  expectTypeOf<readonly [string, () => Promise<readonly string[]>]>().toExtend<ChipSendOptions["publicKey"]>();
  expectTypeOf<{ readonly publicKey: undefined }>().not.toExtend<ChipSendOptions>();
});
