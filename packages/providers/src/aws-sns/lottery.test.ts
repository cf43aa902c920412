import { expect, test } from "vitest";

import { Lottery } from "./lottery.ts";

const tooMany = (): Error => new Error("too many");

/** A job that is under way until it is told to end. */
function createJob() {
  const { promise, resolve } = Promise.withResolvers<string>();
  let hasStarted = false;
  const run = (): Promise<string> => {
    hasStarted = true;
    return promise;
  };
  return { run, end: () => resolve("done"), hasStarted: () => hasStarted };
}

test("runs no more jobs at a time than it may, and the next when one ends", async () => {
  const lottery = new Lottery({ maxRunning: 2, maxWaiting: 5, random: () => 0 });
  const jobs = Array.from({ length: 4 }, createJob);
  const work = jobs.map(({ run }) => lottery.run(run, tooMany));
  expect(jobs.map(({ hasStarted }) => hasStarted())).toEqual([true, true, false, false]);
  jobs[1]?.end();
  await work[1];
  await new Promise((resolve) => setImmediate(resolve));
  expect(jobs.map(({ hasStarted }) => hasStarted())).toEqual([true, true, true, false]);
  for (const { end } of jobs) end();
  expect(await Promise.all(work)).toEqual(["done", "done", "done", "done"]);
});

test("draws who goes when too many wait: the newest is not always the one", async () => {
  const lots = [0.99, 0];
  const lottery = new Lottery({ maxRunning: 1, maxWaiting: 2, random: () => lots.shift() ?? 0 });
  const jobs = Array.from({ length: 5 }, createJob);
  const work = jobs.map(({ run }) => lottery.run(run, tooMany));
  for (const { end } of jobs) end();
  const settled = await Promise.allSettled(work);
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"]);
});

test("a job that fails, or throws at once, gives its place on", async () => {
  const lottery = new Lottery({ maxRunning: 1, maxWaiting: 5 });
  const failing = lottery.run(() => Promise.reject(new Error("away")), tooMany);
  const throwing = lottery.run(() => {
    throw new Error("at once");
  }, tooMany);
  const last = lottery.run(async () => "done", tooMany);
  await expect(failing).rejects.toThrow("away");
  await expect(throwing).rejects.toThrow("at once");
  expect(await last).toBe("done");
});

test("a storm that never ends lets one through that goes on asking", async () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const lottery = new Lottery({ maxRunning: 4, maxWaiting: 64, random });
  const over = new AbortController();
  const storm = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const asked = Array.from({ length: 200 }, () =>
        lottery.run(() => new Promise<void>((resolve) => setImmediate(resolve)), tooMany).catch(() => {}),
      );
      await Promise.race(asked);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const raging = storm();
  let answer = "";
  for (let attempt = 0; attempt < 2_000 && answer === ""; attempt++) {
    answer = await lottery.run(async () => "through", tooMany).catch(() => "");
  }
  over.abort();
  await raging;
  expect(answer).toBe("through");
});
