/** One way to do the work that is measured. */
export interface Contender<Input> {
  readonly name: string;
  /** Makes what one round works on out of what all contenders share. Not timed. */
  prepare(shared: Input): () => void | Promise<void>;
}

interface MeasureOptions<Input> {
  /** Makes what all contenders work on in one round, new for each. Not timed. */
  readonly share: () => Input | Promise<Input>;
  readonly rounds: number;
  /** Rounds at the start that do not count. */
  readonly warmUp: number;
}

/** How long each contender took, in milliseconds per counted round. */
export type Timings = ReadonlyMap<string, readonly number[]>;

/**
 * Runs the contenders in turns, in rotating order, so that whatever else the machine does hits all of them alike. Each
 * starts with no young garbage and ends with its own collected, within its time.
 */
export async function measure<Input>(
  contenders: readonly Contender<Input>[],
  { share, rounds, warmUp }: MeasureOptions<Input>,
): Promise<Timings> {
  const timings = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds + warmUp; round++) {
    const shared = await share();
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length];
      if (contender === undefined) continue;
      const run = contender.prepare(shared);
      collectYoung();
      const startedAt = performance.now();
      await run();
      collectYoung();
      if (round >= warmUp) timings.get(contender.name)?.push(performance.now() - startedAt);
    }
  }
  return timings;
}

/** A ratio as its median over the rounds, and the quarter and three quarter marks around it. */
export interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** How much faster `name` was than `base`, round by round: above 1 is faster. */
export function speedOf(timings: Timings, name: string, base: string): Ratio {
  const own = timings.get(name) ?? [];
  return toRatio((timings.get(base) ?? []).map((ms, round) => ms / (own[round] ?? Number.NaN)));
}

/** Sums up the ratios of the rounds. */
export function toRatio(ratios: readonly number[]): Ratio {
  return { median: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

function quantile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? Number.NaN;
}

function collectYoung(): void {
  if (globalThis.gc === undefined) throw new Error("Run with node --expose-gc.");
  globalThis.gc({ type: "minor" });
}
