import { expect, test, vi } from "vitest";

import type { Row } from "./postgres-client.ts";
import { createSweep } from "./sweep.ts";
import type { Sweep } from "./sweep.ts";

/** A table of so many pages; each sweep of it ends when the test says so. */
function setUp(pages: number) {
  const swept: number[][] = [];
  const running: PromiseWithResolvers<readonly Row[]>[] = [];
  const sweep = createSweep((first, count) => {
    swept.push([first, count]);
    const answer = Promise.withResolvers<readonly Row[]>();
    running.push(answer);
    return answer.promise;
  });
  const finish = async (): Promise<void> => {
    running.shift()?.resolve([{ gone: 0, pages }]);
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { sweep, swept, running, finish };
}

function countTo(claims: number, sweep: Sweep): void {
  for (let claim = 0; claim < claims; claim++) sweep.count();
}

test("sweeps after every 64 claims, and not before", async () => {
  const { sweep, swept, finish } = setUp(20);
  countTo(63, sweep);
  expect(swept).toEqual([]);
  countTo(1, sweep);
  expect(swept).toHaveLength(1);
  await finish();
  countTo(63, sweep);
  expect(swept).toHaveLength(1);
  countTo(1, sweep);
  expect(swept).toHaveLength(2);
});

test("goes on somewhere in the table, then page by page to its end, and round again", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const { sweep, swept, finish } = setUp(20);
  for (let round = 0; round < 6; round++) {
    countTo(64, sweep);
    await finish();
  }
  expect(swept).toEqual([
    [0, 8],
    [10, 8],
    [18, 8],
    [0, 8],
    [8, 8],
    [16, 8],
  ]);
});

test("never runs two at once", async () => {
  const { sweep, swept, finish } = setUp(20);
  countTo(1_000, sweep);
  expect(swept).toHaveLength(1);
  await finish();
  countTo(1, sweep);
  expect(swept).toHaveLength(2);
});

test("warns once when it fails, and tries again", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
  const { sweep, swept, running } = setUp(20);
  for (let round = 0; round < 3; round++) {
    countTo(64, sweep);
    running.shift()?.reject(new Error("permission denied"));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(swept).toHaveLength(3);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.lastCall?.[0]).toContain("permission denied");
});

test("stops when its sweep has ended, and starts no more", async () => {
  const { sweep, swept, finish } = setUp(20);
  countTo(64, sweep);
  let isStopped = false;
  const stopping = sweep.stop().then(() => (isStopped = true));
  await Promise.resolve();
  expect(isStopped).toBe(false);
  await finish();
  await stopping;
  countTo(200, sweep);
  expect(swept).toHaveLength(1);
});
