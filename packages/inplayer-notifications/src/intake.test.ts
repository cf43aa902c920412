import { runInNewContext } from "node:vm";

import type { Result } from "@hooklatch/core";
import { BackendError, HandlerError } from "@hooklatch/core/errors";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Intake } from "./intake.ts";
import type { Settings } from "./options.ts";
import type { LostNotification } from "./state.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const reply = { status: 200, headers: {}, body: "" };
const event = { id: "evt_1", type: "account.logout", payload: {} };
const handled: Result = { outcome: "handled", reply, event };
const failed: Result = { outcome: "failed", reply, event, error: new HandlerError("ERR_HANDLER_FAILED", "Failed.") };
const busy: Result = { outcome: "busy", reply, event, error: new BackendError("ERR_EVENT_BUSY", "Busy.") };
const away: Result = { outcome: "unavailable", reply, error: new BackendError("ERR_STORE_UNAVAILABLE", "Away.") };
const closed: Result = { outcome: "unavailable", reply, error: new BackendError("ERR_RECEIVER_CLOSED", "Closed.") };
const invalid: Result = { outcome: "invalid", reply, event, error: new HandlerError("ERR_PAYLOAD_INVALID", "Odd.") };

const message = (text: string): Uint8Array => Buffer.from(text);

/** An intake whose receiver answers as it is told, one message after the other. */
function testIntake(dispatch: (text: string) => Result | Promise<Result>, settings: Partial<Settings> = {}) {
  const lost: LostNotification[] = [];
  const dispatched: string[] = [];
  const receiver: Settings["receiver"] = {
    provider: { name: "inplayer-notifications" },
    async dispatch({ body, url }) {
      expect(url).toBe("mqtt:account");
      const text = Buffer.from(body).toString();
      dispatched.push(text);
      return dispatch(text);
    },
  };
  const intake = new Intake({
    receiver,
    accountUuid: "account",
    maxConcurrent: 1,
    maxQueuedBytes: 1_000,
    retries: 3,
    onLost: (one) => lost.push(one),
    ...settings,
  });
  return { intake, lost, dispatched };
}

const told = ({ error, attempts }: LostNotification): string => `${error.code} ${attempts}`;

test("handles what fits at once, the rest in the order it came", async () => {
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<Result>());
  const { intake, dispatched } = testIntake((text) => gates[Number(text)]?.promise ?? handled, { maxConcurrent: 2 });
  for (const text of ["0", "1", "2", "3"]) intake.accept(message(text));
  expect(dispatched).toEqual(["0", "1"]);
  gates[1]?.resolve(handled);
  await vi.advanceTimersByTimeAsync(0);
  expect(dispatched).toEqual(["0", "1", "2"]);
  for (const gate of gates) gate.resolve(handled);
  await intake.drain();
  expect(dispatched).toEqual(["0", "1", "2", "3"]);
});

test("keeps a copy of what waits, not the bytes of the socket", async () => {
  const gate = Promise.withResolvers<Result>();
  const { intake, dispatched } = testIntake(() => gate.promise);
  const shared = Buffer.from("second");
  intake.accept(message("first"));
  intake.accept(shared);
  shared.fill(0);
  gate.resolve(handled);
  await intake.drain();
  expect(dispatched).toEqual(["first", "second"]);
});

test("reports what finds no room, at once, and takes messages again when there is some", async () => {
  const gate = Promise.withResolvers<Result>();
  const { intake, lost, dispatched } = testIntake(() => gate.promise, { maxQueuedBytes: 600 });
  for (const text of ["1", "2", "3", "4", "5"]) intake.accept(message(text));
  expect(lost.map(told)).toEqual(["ERR_OVERLOADED 0", "ERR_OVERLOADED 0"]);
  gate.resolve(handled);
  await intake.drain();
  intake.accept(message("6"));
  await intake.drain();
  expect(dispatched).toEqual(["1", "2", "3", "6"]);
  expect(lost).toHaveLength(2);
});

test.each([
  ["failed", failed],
  ["is busy", busy],
  ["found the store away", away],
])("tries again what %s, until it is handled", async (_what, first) => {
  const answers = [first, first, handled];
  const { intake, lost, dispatched } = testIntake(() => answers.shift() ?? expect.unreachable());
  intake.accept(message("1"));
  await vi.advanceTimersByTimeAsync(0);
  expect(dispatched).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(dispatched).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(4_000);
  await intake.drain();
  expect(dispatched).toHaveLength(3);
  expect(lost).toEqual([]);
});

test("gives up after its retries, and names the event that is lost", async () => {
  const { intake, lost, dispatched } = testIntake(() => failed);
  intake.accept(message("1"));
  await vi.advanceTimersByTimeAsync(30_000);
  await intake.drain();
  expect(dispatched).toHaveLength(4);
  expect(lost).toEqual([{ error: failed.error, attempts: 4, eventId: "evt_1", eventType: "account.logout" }]);
});

test("waits longer for an event that is being handled elsewhere, however few its retries", async () => {
  const answers = [busy, busy, busy, busy, handled];
  const { intake, lost, dispatched } = testIntake(() => answers.shift() ?? expect.unreachable(), { retries: 0 });
  intake.accept(message("1"));
  await vi.advanceTimersByTimeAsync(31_000);
  await intake.drain();
  expect([dispatched.length, lost.length]).toEqual([5, 0]);

  const never = testIntake(() => busy, { retries: 0 });
  never.intake.accept(message("1"));
  await vi.advanceTimersByTimeAsync(130_000);
  await never.intake.drain();
  expect(never.lost.map(told)).toEqual(["ERR_EVENT_BUSY 7"]);
});

test("tries nothing again that will not change: an invalid payload, a receiver that is closed, retries: 0", async () => {
  const one = testIntake(() => invalid);
  one.intake.accept(message("1"));
  await one.intake.drain();
  // It has been reported as an outcome.
  expect([one.dispatched.length, one.lost.length]).toEqual([1, 0]);
  const other = testIntake(() => closed);
  other.intake.accept(message("1"));
  await other.intake.drain();
  expect(other.lost.map(told)).toEqual(["ERR_RECEIVER_CLOSED 1"]);
  const third = testIntake(() => failed, { retries: 0 });
  third.intake.accept(message("1"));
  await third.intake.drain();
  expect(third.lost.map(told)).toEqual(["ERR_HANDLER_FAILED 1"]);
});

test("discard() reports what waits, tries nothing again, and takes what runs for what it becomes", async () => {
  const gates = [Promise.withResolvers<Result>(), Promise.withResolvers<Result>()] as const;
  const { intake, lost, dispatched } = testIntake((text) => gates[Number(text) as 0 | 1].promise, { maxConcurrent: 2 });
  for (const text of ["0", "1", "2", "3"]) intake.accept(message(text));
  intake.discard();
  expect(lost.map(told)).toEqual(["ERR_RECEIVER_CLOSED 0", "ERR_RECEIVER_CLOSED 0"]);
  gates[0].resolve(handled);
  gates[1].resolve(failed);
  await intake.drain();
  expect(dispatched).toEqual(["0", "1"]);
  expect(lost.map(told).slice(2)).toEqual(["ERR_HANDLER_FAILED 1"]);
  intake.accept(message("late"));
  await intake.drain();
  expect(lost.map(told).slice(3)).toEqual(["ERR_RECEIVER_CLOSED 0"]);
});

test("survives a receiver and a hook that throw", async () => {
  const warnings: unknown[] = [];
  const note = vi.spyOn(process, "emitWarning").mockImplementation((warning) => void warnings.push(warning));
  const hook = vi.fn<(lost: LostNotification) => void>(() => {
    throw new Error("hook");
  });
  const { intake } = testIntake(() => Promise.reject(new Error("receiver")), { onLost: hook, retries: 0 });
  intake.accept(message("1"));
  await intake.drain();
  expect(hook).toHaveBeenCalledWith(
    expect.objectContaining({ error: expect.objectContaining({ code: "ERR_INTERNAL" }) }),
  );
  expect(warnings).toEqual(["onLost failed: Error"]);
  expect(note).toHaveBeenCalledTimes(1);
});

test("survives a hook that rejects, also with a promise that is none of this realm's", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const onLost = vi.fn<(lost: LostNotification) => unknown>(() => runInNewContext("Promise.reject(7)"));
  const { intake } = testIntake(() => failed, { onLost, retries: 0 });
  intake.accept(message("a"));
  await vi.advanceTimersByTimeAsync(0);
  expect(onLost).toHaveBeenCalledOnce();
  expect(warn.mock.calls).toEqual([
    ["onLost failed: number", { type: "HooklatchWarning", code: "HOOKLATCH_HOOK_FAILED" }],
  ]);
});
