import assert from "node:assert/strict";

import { withoutUnhandled } from "./without-unhandled.ts";

/** One test: give both to the `test` of your runner. */
export interface ConformanceCase {
  readonly name: string;
  /** Rejects when what is tested does not conform. */
  readonly run: () => Promise<void>;
}

interface Suite<Name extends string> {
  /** Every case, with the sentence that a test is named by. */
  readonly names: Readonly<Record<Name, string>>;
  readonly runs: Readonly<Record<Name, () => Promise<void>>>;
  readonly doesNotApply: Readonly<Partial<Record<Name, string>>> | undefined;
}

/** Makes the cases of a suite. One that is said not to apply MUST fail, so that a reason does not outlive its truth. */
export function toCases<Name extends string>({ names, runs, doesNotApply }: Suite<Name>): readonly ConformanceCase[] {
  // The keys of an object that has one for each name and no other.
  return (Object.keys(names) as Name[]).map((name) => {
    const run = (): Promise<void> => withoutUnhandled(runs[name]);
    const reason = doesNotApply?.[name];
    if (reason === undefined) return { name: `${name}: ${names[name]}`, run };
    assert.notEqual(reason.trim(), "", `The case ${name} needs a reason why it does not apply.`);
    return {
      name: `${name}: does not apply: ${reason}`,
      async run() {
        await assert.rejects(run, `The case ${name} is said not to apply, but it passes.`);
      },
    };
  });
}
