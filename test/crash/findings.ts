import type { Step } from "./worker.ts";

/** One run of an event's handler, from the journal. */
interface Run {
  readonly event: string;
  readonly attempt: number;
  readonly pid: number;
  readonly beganAt: number;
  /** When it ended, was told to stop, or its process was killed. */
  readonly overAt: number;
  /** What the receiver made of it, as far as its process came. */
  readonly fate: "settled" | "not settled" | undefined;
}

/** An effect in the table. */
export interface Effect {
  readonly event: string;
  readonly attempt: number;
  readonly pid: number;
}

interface Evidence {
  readonly acknowledged: readonly string[];
  readonly steps: readonly Step[];
  readonly effects: readonly Effect[];
  /** When each killed process was told to die. */
  readonly deaths: ReadonlyMap<number, number>;
}

/** What the invariants say. */
export interface Findings {
  /** Acknowledged events without an effect. */
  readonly lost: readonly string[];
  /** Events of which two handlers ran at the same time. */
  readonly overlapping: readonly string[];
  /** Effects beyond the first of their event, by what became of the run that had written before. */
  readonly doubled: {
    /** Its process died before it could settle. */
    readonly afterKill: number;
    readonly afterFailure: number;
    /** Its process lived, but stood still for so long that its claim was lost. Nobody was told that it had settled. */
    readonly afterLoss: number;
    readonly unexplained: readonly string[];
  };
  readonly runs: number;
}

/** Holds what was written down against what must be true whatever happens. */
export function findFaults(
  { acknowledged, steps, effects, deaths }: Evidence,
  failsIn: (event: string, attempt: number) => boolean,
): Findings {
  const runs = toRuns(steps, deaths);
  const written = Map.groupBy(effects, ({ event }) => event);
  const doubled = { afterKill: 0, afterFailure: 0, afterLoss: 0, unexplained: [] as string[] };
  const byKey = new Map(runs.map((run) => [keyOf(run), run]));
  for (const [event, all] of written) {
    const ordered = all
      .map((effect) => byKey.get(keyOf(effect)))
      .toSorted((one, other) => beginOf(one) - beginOf(other));
    for (const [index, run] of ordered.slice(0, -1).entries()) {
      // In the end every worker is killed: only a death between the two runs says anything.
      const isCutOff = (deaths.get(run?.pid ?? 0) ?? Number.POSITIVE_INFINITY) <= beginOf(ordered[index + 1]);
      if (run === undefined || run.fate === "settled") doubled.unexplained.push(event);
      else if (failsIn(event, run.attempt)) doubled.afterFailure++;
      else if (isCutOff) doubled.afterKill++;
      else if (run.fate === "not settled") doubled.afterLoss++;
      else doubled.unexplained.push(event);
    }
  }
  return {
    lost: acknowledged.filter((event) => !written.has(event)),
    overlapping: [...Map.groupBy(runs, ({ event }) => event)].filter(([, all]) => overlap(all)).map(([event]) => event),
    doubled,
    runs: runs.length,
  };
}

function toRuns(steps: readonly Step[], deaths: ReadonlyMap<number, number>): readonly Run[] {
  const ends = new Map(steps.filter(({ step }) => step === "over").map((step) => [keyOf(step), step.at]));
  const fates = new Map<string, Run["fate"]>();
  for (const each of steps) {
    if (each.step === "settled" || each.step === "not settled") fates.set(keyOf(each), each.step);
  }
  return steps
    .filter(({ step }) => step === "begins")
    .map((step) => {
      const overAt = ends.get(keyOf(step)) ?? deaths.get(step.pid) ?? Number.POSITIVE_INFINITY;
      return { ...step, beganAt: step.at, overAt, fate: fates.get(keyOf(step)) };
    });
}

function keyOf({ event, attempt, pid }: Effect): string {
  return `${event} ${attempt} ${pid}`;
}

function beginOf(run: Run | undefined): number {
  return run?.beganAt ?? Number.NEGATIVE_INFINITY;
}

function overlap(runs: readonly Run[]): boolean {
  const ordered = runs.toSorted((one, other) => one.beganAt - other.beganAt);
  return ordered.some((run, index) => (ordered[index + 1]?.beganAt ?? Number.POSITIVE_INFINITY) < run.overAt);
}
