import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Claim, Store } from "@hooklatch/core";
import { describe, expect, test } from "vitest";

import { open as openShared } from "../test-support/shared-shelf.ts";
import type { SharedFlaw } from "../test-support/shared-shelf.ts";
import { createShelf, memoryRows } from "../test-support/shelf.ts";
import type { Row } from "../test-support/shelf.ts";
import { betweenProcesses, complaining, failuresOf, shelfPlace } from "../test-support/store-trial.ts";
import type { Failures } from "../test-support/store-trial.ts";
import type { StorePlace } from "./place.ts";

describe("between processes, a store is found that", () => {
  const shared: readonly (readonly [what: string, flaw: SharedFlaw, found: Failures])[] = [
    ["keeps the contract, in nothing", "none", {}],
    ["looks first and then writes", "nobody is kept out", { "one-winner-elsewhere": "were granted" }],
    [
      "is the memory of each process",
      "each process has its own",
      {
        "one-winner-elsewhere": "4 were granted",
        "other-processes": "",
        "own-clock": "whose clock is ahead",
        "dead-process": "A key was free after",
      },
    ],
    ["goes by the clock of each process", "each process has its own clock", { "own-clock": "whose clock is ahead" }],
    [
      "gives back what a process held when it ends",
      "dies with its process",
      { "dead-process": "A key was free after" },
    ],
  ];

  test.for(shared)("%s", async ([_what, flaw, found]) => {
    const place = async (): Promise<StorePlace> => {
      const folder = await mkdtemp(join(tmpdir(), "hooklatch-shelf-"));
      const argument = JSON.stringify([join(folder, "shelf.db"), flaw]);
      return {
        open: () => openShared(argument),
        elsewhere: { module: new URL("../test-support/shared-shelf.ts", import.meta.url), argument },
        remove: () => rm(folder, { recursive: true }),
      };
    };
    expect(await failuresOf(place, betweenProcesses)).toEqual(complaining(found));
  });
});

describe("while its server is away, a store is found that", () => {
  /** What a claim is answered while the line is cut, and what is there once it is mended. */
  const away: readonly (readonly [
    what: string,
    answer: () => Promise<Claim>,
    back: "as it was" | "empty",
    found: Failures,
  ])[] = [
    [
      "grants",
      async () => ({ status: "new", token: "made up", attempt: 1 }),
      "as it was",
      { outage: "A handler ran although" },
    ],
    [
      "takes all for duplicates",
      async () => ({ status: "duplicate", conflict: false }),
      "as it was",
      { outage: "is duplicate" },
    ],
    [
      "has forgotten everything afterwards",
      () => Promise.reject(new Error("away")),
      "empty",
      { outage: "is handled (no error)" },
    ],
    ["does as it should, in nothing", () => Promise.reject(new Error("away")), "as it was", {}],
    ["hangs, in nothing", () => new Promise(() => {}), "as it was", {}],
  ];

  test.concurrent.for(away)("%s", async ([_what, answer, back, found]) => {
    const place = async (): Promise<StorePlace> => {
      const map = new Map<string, Row>();
      let isCut = false;
      const open = async (): Promise<Store> => {
        const shelf = createShelf(memoryRows(map));
        return { ...shelf, claim: (...asked) => (isCut ? answer() : shelf.claim(...asked)) };
      };
      return {
        open,
        outage: {
          async cut() {
            isCut = true;
          },
          async mend() {
            isCut = false;
            if (back === "empty") map.clear();
          },
        },
        remove: async () => {},
      };
    };
    expect(await failuresOf(place, ["outage"])).toEqual(complaining(found));
  });

  test("is not said to have one", async () => {
    const failures = await failuresOf(
      shelfPlace(() => ({})),
      ["outage", "one-winner-elsewhere"],
    );
    expect(failures).toEqual(
      complaining({ outage: "cannot be cut off", "one-winner-elsewhere": "says nothing of how" }),
    );
  });
});
