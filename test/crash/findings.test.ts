import { expect, test } from "vitest";

import { findFaults } from "./findings.ts";
import type { Findings } from "./findings.ts";
import type { Step } from "./worker.ts";

// The crash tests are only worth what their bookkeeping finds.

/** What one process wrote down of one run: its steps, 10 ms apart. */
function run(pid: number, attempt: number, beganAt: number, ...steps: readonly Step["step"][]): readonly Step[] {
  return steps.map((step, index) => ({ at: beganAt + 10 * index, pid, event: "a", attempt, step }));
}

/** Every worker is killed in the end: at 9,000, unless it was before. */
function find(
  runs: readonly (readonly Step[])[],
  { deaths = [], failsIn }: { readonly deaths?: readonly [number, number][]; readonly failsIn?: number } = {},
): Findings {
  const steps = runs.flat();
  const effects = steps.filter(({ step }) => step === "has written");
  const end = new Map([...steps.map(({ pid }): [number, number] => [pid, 9_000]), ...deaths]);
  return findFaults({ acknowledged: ["a"], steps, effects, deaths: end }, (_event, attempt) => attempt === failsIn);
}

const none = { afterKill: 0, afterFailure: 0, afterLoss: 0, unexplained: [] };

test("an event that ran once is in order", () => {
  const findings = find([run(1, 1, 0, "begins", "has written", "over", "settled")]);
  expect(findings).toEqual({ lost: [], overlapping: [], doubled: none, runs: 1 });
});

test("an acknowledged event without an effect is lost", () => {
  expect(find([run(1, 1, 0, "begins", "over", "settled")]).lost).toEqual(["a"]);
});

test("two runs at one time overlap, also when the first is killed later or never ends", () => {
  const second = run(2, 2, 50, "begins", "has written", "over", "settled");
  expect(find([run(1, 1, 0, "begins"), second], { deaths: [[1, 60]] }).overlapping).toEqual(["a"]);
  expect(find([run(1, 1, 0, "begins"), second]).overlapping).toEqual(["a"]);
  expect(find([run(1, 1, 0, "begins"), second], { deaths: [[1, 40]] }).overlapping).toEqual([]);
});

test.each([
  ["in the handler", run(1, 1, 0, "begins", "has written")],
  ["before the settlement", run(1, 1, 0, "begins", "has written", "over")],
])("a second effect is explained by a kill %s", (_when, first) => {
  const second = run(2, 2, 500, "begins", "has written", "over", "settled");
  expect(find([first, second], { deaths: [[1, 100]] }).doubled).toEqual({ ...none, afterKill: 1 });
});

test("a second effect is explained by a handler that fails after its effect", () => {
  const first = run(1, 1, 0, "begins", "has written", "over");
  const second = run(2, 2, 500, "begins", "has written", "over", "settled");
  expect(find([first, second], { failsIn: 1 }).doubled).toEqual({ ...none, afterFailure: 1 });
});

test("a second effect is counted apart where the first run's process lived and was told that it could not settle", () => {
  const first = run(1, 1, 0, "begins", "has written", "over", "not settled");
  const second = run(2, 2, 500, "begins", "has written", "over", "settled");
  expect(find([first, second]).doubled).toEqual({ ...none, afterLoss: 1 });
});

test.each([
  ["was settled", run(1, 1, 0, "begins", "has written", "over", "settled"), 9_000],
  ["was settled before its process was killed", run(1, 1, 0, "begins", "has written", "over", "settled"), 100],
  [
    "had only ended, and its process was killed after the second began",
    run(1, 1, 0, "begins", "has written", "over"),
    600,
  ],
])("a second effect is not explained where the first run %s", (_what, first, diedAt) => {
  const second = run(2, 2, 500, "begins", "has written", "over", "settled");
  expect(find([first, second], { deaths: [[1, diedAt]] }).doubled).toEqual({ ...none, unexplained: ["a"] });
});
