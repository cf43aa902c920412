import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { eventResources, inplayerEventTypes } from "./events.ts";
import { resourceFields } from "./resource-fields.ts";

test("lists each of InPlayer's 27 event types once", () => {
  expect(inplayerEventTypes).toHaveLength(27);
  expect(new Set(inplayerEventTypes).size).toBe(27);
});

test("lists types of the six kinds that InPlayer sends, and no other", () => {
  const counts = Object.groupBy(inplayerEventTypes, (type) => type.split(".")[0] ?? "");
  expect(Object.entries(counts).map(([kind, types]) => [kind, types?.length])).toEqual([
    ["freemium", 2],
    ["payment", 4],
    ["subscribe", 6],
    ["external", 10],
    ["asset", 2],
    ["customer", 3],
  ]);
});

test("has a resource of no kind without an event", () => {
  expect(new Set(Object.values(eventResources))).toEqual(new Set(Object.keys(resourceFields)));
});

test("gives a field one kind, whichever event it stands in", () => {
  const kinds = new Map<string, string>();
  for (const fields of Object.values(resourceFields)) {
    for (const [name, kind] of Object.entries(fields)) {
      expect(kinds.get(name) ?? kind, name).toBe(kind);
      kinds.set(name, kind);
    }
  }
  expect(kinds.size).toBeGreaterThan(50);
});

test("has a docs page that lists every event with its resource, in order, and no other", () => {
  const page = readFileSync(new URL("../../../../docs/providers/inplayer.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `([\w.]+)` +\| `([A-Z]\w+)` +\|/gm)];
  expect(rows.map(([, type, resource]) => [type, resource])).toEqual(
    Object.entries(eventResources).map(([type, name]) => [type, name.replace(/^./, (first) => first.toUpperCase())]),
  );
});
