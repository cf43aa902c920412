import assert from "node:assert/strict";

import type { Result } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import type { Keys, Resolver } from "@hooklatch/core/schemes";

import type { Bench } from "../bench.ts";

/** Signs every type of event with keys of nobody. */
export async function foreignKey<Events>(bench: Bench<Events>): Promise<void> {
  const endpoint = bench.open();
  for (const event of bench.events) {
    await endpoint.refuse(await bench.sign(event, { key: "foreign" }), `a ${event.type} signed with a foreign key`);
    const own = await bench.sign(event);
    assert.equal((await endpoint.send(own)).outcome, "handled", `The genuine ${event.type} after it is not handled.`);
  }
}

/** Changes from one key to another and back. */
export async function rotation<Events>(bench: Bench<Events>): Promise<void> {
  const { withKeys, key: oldKey } = keysOf(bench);
  const [next, stranger] = [bench.another(), bench.another()];
  const { key: newKey } = keysOf(next);
  assert.notEqual(oldKey, newKey, "Each mock must make keys of its own.");

  const both: readonly Keys<string>[] = [
    [oldKey, newKey],
    [newKey, oldKey],
    async () => [oldKey, newKey],
    [newKey, async () => oldKey],
  ];
  for (const [index, keys] of both.entries()) {
    const endpoint = bench.open(withKeys(keys));
    for (const [whose, signer] of Object.entries({ old: bench, new: next })) {
      const { event, error } = await endpoint.send(await signer.sign(signer.first));
      assert.ok(event, `With arrangement ${index} of both keys, the ${whose} one: ${error?.code}`);
    }
    await endpoint.refuse(await stranger.sign(stranger.first), "a third key while two are configured");
  }
  await bench.open(withKeys(newKey)).refuse(await bench.sign(bench.first), "the old key after the change");
}

/** Leaves the key away in every way that a deployment can. */
export async function missingKey<Events>(bench: Bench<Events>): Promise<void> {
  const { withKeys, key } = keysOf(bench);
  const forgotten: readonly unknown[] = [
    "",
    " \t\n",
    undefined,
    null,
    [],
    [""],
    [key, ""],
    [key, " "],
    [key, undefined],
  ];
  for (const keys of forgotten) {
    assert.throws(
      // What an environment variable that is not set makes of the option, whatever its type says.
      () => withKeys(keys as Keys<string>),
      (error: unknown) => error instanceof ConfigError && error.code === "ERR_SECRET_MISSING",
      `The keys ${describe(keys, key)} do not stop the provider with a ConfigError ERR_SECRET_MISSING.`,
    );
  }

  const request = await bench.sign(bench.first);
  const empty: readonly unknown[] = ["", " ", undefined, null, [], [""]];
  for (const answer of empty) {
    // A vault answers what it likes.
    const resolver: Resolver<string> = async () => answer as string;
    assertUnavailable(await bench.open(withKeys(resolver)).send(request), `answers ${describe(answer, key)}`);
  }
  const broken: Resolver<string> = async () => {
    throw new Error("the vault is away");
  };
  assertUnavailable(await bench.open(withKeys(broken)).send(request), "rejects");
}

function assertUnavailable({ outcome, reply }: Result, what: string): void {
  assert.equal(outcome, "unavailable", `With a resolver that ${what}, the outcome is ${outcome}.`);
  assert.equal(reply.status, 503);
}

function describe(keys: unknown, key: string): string {
  return (JSON.stringify(keys) ?? "undefined").replaceAll(JSON.stringify(key), "(a good key)");
}

function keysOf<Events>({ withKeys, key }: Bench<Events>) {
  assert.ok(withKeys !== undefined && key !== undefined, "The option keys is not given.");
  return { withKeys, key };
}
