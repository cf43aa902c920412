import assert from "node:assert/strict";

import { longMs, take, withPlace } from "../bench.ts";
import type { StorePlace } from "../place.ts";

type MakePlace = () => Promise<StorePlace>;

/** One id, two bodies. A fingerprint is a whole number of 32 bits with a sign. */
export function conflict(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store }) => {
    const prints = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)];
    for (const print of prints) {
      const key = `event ${print}`;
      const { token } = await take(store, key, longMs, print);
      const tell = async (fingerprint: number): Promise<unknown> => {
        const claim = await store.claim(key, longMs, fingerprint);
        return [claim.status, claim.status === "new" ? undefined : claim.conflict];
      };
      for (const other of prints) assert.deepEqual(await tell(other), ["busy", other !== print]);
      await store.settle(key, token, longMs);
      for (const other of prints) assert.deepEqual(await tell(other), ["duplicate", other !== print]);
      assert.deepEqual(await tell(print), ["duplicate", false], "Another body took the place of the first.");
    }
  });
}

const [long, longest] = ["k".repeat(1_023), "k".repeat(9_999)];

/** Keys that are alike. */
const alike: readonly string[] = [
  ["a", "A", " a", "a ", "a\t", "a\n", "a\0", "a\0b", "\0", "0", "00"],
  // One letter in two forms, letters that are written alike, and ones that some languages fold.
  ["é", "e\u0301", "é ", "É", "ß", "SS", "ss", "İ", "I", "ı", "i", "ﬁ", "fi", "\u0430", "\u00c5", "\u212b"],
  ["😀", "😁", "終", "\u{10ffff}", "\ufffd"],
  // What servers and languages give a meaning.
  ["%", "_", "*", "\\", '"', "{a}", "{a}b", "a:b", "a:", "__proto__", "constructor", "'; DROP TABLE claims; --"],
  [`${long}k`, `${long}l`, `${long}K`, `${longest}k`, `${longest}l`, `l${longest}`, "☕".repeat(3_333)],
].flat();

/** Bytes, and nothing but bytes. */
export function keys(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store }) => {
    const tokens: string[] = [];
    for (const key of alike) {
      const claim = await store.claim(key, longMs, 1);
      if (claim.status !== "new") assert.fail(`The key ${show(key)} is taken for another.`);
      tokens.push(claim.token);
    }
    for (const [index, key] of alike.entries()) {
      assert.equal(await store.renew(key, tokens[index] ?? "", longMs), true, `The key ${show(key)} is lost.`);
      assert.equal((await store.claim(key, longMs, 1)).status, "busy", `The key ${show(key)} is lost.`);
    }
  });
}

function show(key: string): string {
  if (key.length > 40) return `${key.slice(0, 10)}… of ${key.length} characters`;
  return JSON.stringify(key).replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
