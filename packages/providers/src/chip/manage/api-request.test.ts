import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { readApiOptions } from "../api-options.ts";
import type { Fetch } from "../../fetch.ts";
import { createSendRequest } from "./api-request.ts";

const request = { method: "GET", path: "/webhooks/" } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Sends one request through a fetch, and answers with the error's text while all timers pass. */
function send(fetch: Fetch): Promise<string> {
  const sendRequest = createSendRequest(readApiOptions({ token: "sk_hooklatch_7Jq2", fetch }));
  return sendRequest(request).then(() => "no error", String);
}

test("a try that is not answered is given up after ten seconds, and the request with it", async () => {
  const signals: AbortSignal[] = [];
  const message = send((_, { signal }) => {
    signals.push(signal);
    return new Promise<never>(() => {});
  });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  await vi.advanceTimersByTimeAsync(1);
  expect(signals[0]?.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await message).toContain("was not answered within 10 seconds, tried 3 times.");
  expect(signals).toHaveLength(3);
  expect(vi.getTimerCount()).toBe(0);
});

test("an answer that does not come to its end is given up in the same time", async () => {
  async function* stuck(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1);
    await new Promise<never>(() => {});
  }
  const message = send(async () => ({ status: 200, body: stuck() }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await message).toContain("was not answered within 10 seconds, tried 3 times.");
});

test("an answer without an end is not read on, and not asked for again", async () => {
  let sent = 0;
  async function* endless() {
    for (;;) {
      sent += 1;
      yield new Uint8Array(64 * 1024);
    }
  }
  expect(await send(async () => ({ status: 200, body: endless() }))).toContain("more than 1048576 bytes");
  expect(sent).toBe(17);
});
