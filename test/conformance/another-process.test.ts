import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { platforms } from "../support/platforms.ts";

test("every provider gives the same bytes the same id in another process, time zone and language", async () => {
  const nowMs = Date.now();
  const ids: Record<string, readonly (string | undefined)[]> = {};
  const captured: Record<string, readonly object[]> = {};
  for (const [name, platform] of Object.entries(platforms)) {
    const requests = await platform.signAll();
    ids[name] = await platform.idsOf(requests, { nowMs, verify: true });
    captured[name] = requests.map(({ url, headers, body }) => {
      return { url, headers, body: Buffer.from(body).toString("base64") };
    });
    expect(new Set(ids[name]).size, `${name} has an id for each of its events`).toBe(requests.length);
    expect(ids[name], name).not.toContain(undefined);
  }

  const elsewhere = { TZ: "Pacific/Auckland", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
  const script = new URL("../support/event-ids.ts", import.meta.url).pathname;
  const printed = execFileSync(process.execPath, [script], {
    input: JSON.stringify({ nowMs, captured }),
    env: { ...process.env, ...elsewhere },
    encoding: "utf8",
  });

  expect(JSON.parse(printed)).toEqual({ ids, place: [-720, "tr_TR.UTF-8"] });
});

test("every provider is among them", () => {
  const folder = join(import.meta.dirname, "../../packages/providers/src");
  const folders = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  expect(Object.keys(platforms).toSorted()).toEqual(folders.toSorted());
});
