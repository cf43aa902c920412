import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import type { Pieces, Row } from "../test-support/shelf.ts";
import { complaining, failuresOf, inOneProcess, shelfPlace } from "../test-support/store-trial.ts";
import type { Failures } from "../test-support/store-trial.ts";

/** What is wrong, with which piece, and the cases that find it: no others do. */
type Broken = readonly [what: string, change: (connection: number) => Partial<Pieces>, found: Failures];

function closingTwice(): Pick<Pieces, "close"> {
  let isClosed = false;
  return {
    close() {
      if (isClosed) throw new Error("It is closed.");
      isClosed = true;
    },
  };
}

const broken: readonly Broken[] = [
  ["looks first and then writes", () => ({ pause: () => nextTurn() }), { "one-winner": "were granted" }],
  [
    "takes any token",
    () => ({ isHeld: ({ status, endsAtMs }, _token, nowMs) => status === "running" && endsAtMs > nowMs }),
    { fencing: "An old token renewed another's lease", renewal: "An old token renewed another's lease" },
  ],
  [
    "takes a token after its lease",
    () => ({ isHeld: (row, token) => row.status === "running" && row.token === token }),
    { fencing: "A lease that has ended was renewed" },
  ],
  [
    "takes a token after it was given back",
    () => ({ isHeld: (row, token, nowMs) => row.status !== "settled" && row.token === token && row.endsAtMs > nowMs }),
    { released: "A released claim was settled" },
  ],
  [
    "settles twice",
    () => ({ isHeld: (row, token, nowMs) => row.status !== "released" && row.token === token && row.endsAtMs > nowMs }),
    { settled: "A settled claim was settled again" },
  ],
  [
    "takes tokens for numbers",
    () => ({
      toToken: () => String(Math.floor(Math.random() * 2 ** 50)),
      isHeld: (row, token, nowMs) =>
        row.status === "running" && Number(row.token) === Number(token) && row.endsAtMs > nowMs,
    }),
    { fencing: "A token that never was settled a claim" },
  ],
  [
    "numbers tokens by attempts",
    () => ({ toToken: ({ attempt }) => String(attempt) }),
    { "keep-time": "Two claims have one token" },
  ],
  [
    "never ends a lease",
    () => ({
      isTaken: ({ status, endsAtMs }, nowMs) => status === "running" || (status === "settled" && endsAtMs > nowMs),
    }),
    {
      "lease-end": "was still busy after",
      fencing: "A claim of a free key was answered busy",
      renewal: "was still busy after",
      attempts: "A claim of a free key was answered busy",
    },
  ],
  [
    "uses the clocks of apps that differ",
    (connection) => ({ nowMs: () => Date.now() + connection * 10_000 }),
    { "lease-end": "is to last" },
  ],
  ["keeps too short", () => ({ settled: shortened }), { "keep-time": "A key was free after" }],
  [
    "keeps for as long as the lease",
    () => ({ settled: (row) => ({ ...row, status: "settled" }) }),
    { "keep-time": "A key was free after" },
  ],
  [
    "keeps for ever",
    () => ({ settled: (row) => ({ ...row, status: "settled", endsAtMs: Infinity }) }),
    { "keep-time": "was still duplicate after" },
  ],
  [
    "counts time in 32 bits",
    () => ({
      settled: (row, endsAtMs) => ({ ...row, status: "settled", endsAtMs: Date.now() + ((endsAtMs - Date.now()) | 0) }),
    }),
    { settled: "" },
  ],
  [
    "counts attempts on after the time to keep",
    () => ({ countNext: ({ attempt }) => attempt + 1 }),
    { "keep-time": "An event after its time is a new one" },
  ],
  [
    "forgets attempts that failed",
    () => ({ countNext: ({ status, attempt }) => (status === "running" ? attempt + 1 : 1) }),
    { released: "The attempt before a release does not count", attempts: "An attempt does not count" },
  ],
  [
    "forgets attempts that never ended",
    () => ({ countNext: ({ status, attempt }) => (status === "released" ? attempt + 1 : 1) }),
    {
      "lease-end": "An attempt that never ended does not count",
      renewal: "",
      attempts: "An attempt does not count",
    },
  ],
  [
    "takes nothing back",
    () => ({ released: (row) => row }),
    {
      released: "A released claim was settled",
      attempts: "A claim of a free key was answered busy",
      independence: "",
    },
  ],
  ["renews nothing", () => ({ renewed: (row) => row }), { renewal: "A lease that lasts was not renewed" }],
  [
    "never shortens a lease",
    () => ({ renewed: (row, endsAtMs) => ({ ...row, endsAtMs: Math.max(row.endsAtMs, endsAtMs) }) }),
    { renewal: "was still busy after" },
  ],
  ["takes capitals for small letters", () => ({ toKey: (key) => key.toLowerCase() }), { keys: 'The key "A"' }],
  ["cuts long keys", () => ({ toKey: (key) => key.slice(0, 1_024) }), { keys: "of 10000 characters" }],
  ["cuts keys at NUL", () => ({ toKey: (key) => key.split("\0", 1)[0] ?? "" }), { keys: 'The key "a\\u0000"' }],
  ["trims keys", () => ({ toKey: (key) => key.trim() }), { keys: 'The key " a"' }],
  ["puts unicode into one form", () => ({ toKey: (key) => key.normalize("NFC") }), { keys: 'The key "e\\u0301"' }],
  ["sees no conflict", () => ({ isConflict: () => false }), { conflict: "" }],
  [
    "takes fingerprints without their sign",
    () => ({ toPrint: (fingerprint) => Math.abs(fingerprint) }),
    { conflict: "" },
  ],
  [
    "keeps the last body instead of the first",
    () => ({ refused: (row, fingerprint) => ({ ...row, fingerprint }) }),
    { conflict: "" },
  ],
  ["cannot be closed twice", closingTwice, { close: "It is closed" }],
];

function shortened(row: Row, endsAtMs: number): Row {
  const nowMs = Date.now();
  return { ...row, status: "settled", endsAtMs: nowMs + (endsAtMs - nowMs) * 0.8 };
}

// Each case waits for the end of leases, so all broken stores are tried at the same time, but not in one burst: a process
// that stands still sees nothing that is too early. Every case listens for rejections.
process.setMaxListeners(1_000);
const trials = new Map<string, Promise<Failures>>();

function tryAll(): void {
  if (trials.size > 0) return;
  for (const [index, [what, change]] of broken.entries()) {
    trials.set(
      what,
      sleep(index * 100).then(() => failuresOf(shelfPlace(change), inOneProcess)),
    );
  }
}

describe("a store is found that", () => {
  test.for(broken)("%s", async ([what, , found]) => {
    tryAll();
    expect(await trials.get(what)).toEqual(complaining(found));
  });
});

test("nothing is found of a store that keeps the contract", async () => {
  expect(
    await failuresOf(
      shelfPlace(() => ({})),
      inOneProcess,
    ),
  ).toEqual({});
});
