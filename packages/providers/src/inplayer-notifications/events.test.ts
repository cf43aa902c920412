import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { inplayerNotificationTypes } from "./events.ts";

test("lists each of the 15 types once", () => {
  expect(inplayerNotificationTypes).toHaveLength(15);
  expect(new Set(inplayerNotificationTypes).size).toBe(15);
});

test("has a docs page that lists every type, in order, and no other", () => {
  const page = readFileSync(new URL("../../../../docs/providers/inplayer-notifications.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `([\w.]+)` +\| `[A-Z]\w+` +\|/gm)];
  expect(rows.map(([, type]) => type)).toEqual(inplayerNotificationTypes);
});
