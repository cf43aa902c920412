import { beforeEach, expect, test, vi } from "vitest";

import { logOutcomeWithCause } from "./log-outcome.ts";
import { orderPaid, shopDelivery } from "./test-support/test-provider.ts";
import { testReceiver } from "./test-support/test-receiver.ts";

const lines: string[] = [];

beforeEach(() => {
  lines.length = 0;
  for (const level of ["error", "warn", "info", "log"] as const) {
    vi.spyOn(console, level).mockImplementation((text: unknown) => void lines.push(`${level} ${String(text)}`));
  }
});

async function linesOf(delivery: Parameters<ReturnType<typeof testReceiver>["receiver"]["receive"]>[0]) {
  const { receiver, reports } = testReceiver();
  await receiver.receive(delivery);
  for (const report of reports) await logOutcomeWithCause(report);
  return lines;
}

test("writes the usual line, and below it why", async () => {
  const body = Buffer.from(`${JSON.stringify(orderPaid())}\n`);
  const [usual, why, ...more] = await linesOf(shopDelivery(orderPaid(), { body }));
  expect(usual).toContain("warn [hooklatch] shop/default rejected 401 ERR_SIGNATURE_MISMATCH: ");
  expect(why).toMatch(/^warn \[hooklatch\] shop\/default why: body-line-endings: The signature fits the body with no /);
  expect(more).toEqual([]);
});

test("writes nothing of an accepted delivery", async () => {
  expect(await linesOf(shopDelivery(orderPaid()))).toEqual([]);
});

test("as the receiver's hook it says why, and the reply does not wait for it", async () => {
  const { receiver } = testReceiver({ onOutcome: (report) => void logOutcomeWithCause(report) });
  const { reply } = await receiver.receive(shopDelivery("{}", { body: Buffer.from("{}\n") }));
  expect(reply.body).toBe('{"error":"ERR_SIGNATURE_MISMATCH"}');
  await vi.waitFor(() => expect(lines).toHaveLength(2));
});
