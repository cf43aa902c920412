import { createReceiver } from "@hooklatch/core";
import { createMockSender } from "@hooklatch/mock-sender";
import { chipSendMock } from "@hooklatch/mock-sender/chip-send";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { expect, test } from "vitest";

// Platforms without an event id: theirs is made of the object and what else is signed.

test("two events of one purchase of CHIP both run, of other types and of one", async () => {
  const sender = createMockSender(chipMock());
  const receiver = createReceiver({ provider: sender.provider, onOutcome: () => {} }).on("*", () => {});
  const payload = { id: "0195f3a0-0000-4000-8000-00000000c0de" };
  for (const type of ["purchase.viewed", "purchase.paid", "purchase.viewed"] as const) {
    expect((await sender.send(receiver, type, { payload })).outcome).toBe("handled");
  }
});

test("two events of one object of CHIP Send both run, of other types and of one", async () => {
  const sender = createMockSender(chipSendMock());
  const receiver = createReceiver({ provider: sender.provider, onOutcome: () => {} }).on("*", () => {});
  const payload = { id: 7 };
  for (const type of ["send_instruction_status", "bank_account_status", "send_instruction_status"] as const) {
    expect((await sender.send(receiver, type, { payload })).outcome).toBe("handled");
  }
});
