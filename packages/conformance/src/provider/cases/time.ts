import assert from "node:assert/strict";

import type { MockRequest } from "@hooklatch/mock-sender";

import type { Bench } from "../bench.ts";

const yearMs = 365 * 86_400_000;

/** Sets the receiver's clock to both sides of both edges; without a signed time, to a year later. */
export async function timeEdges<Events>(bench: Bench<Events>): Promise<void> {
  const { toleranceMs } = bench.mock.provider.scheme;
  const [request, nowMs] = [await bench.sign(bench.first), bench.nowMs];
  const outcomeAt = async (offsetMs: number): Promise<string> => {
    const endpoint = bench.open();
    endpoint.setTime(nowMs + offsetMs);
    const { outcome, error } = await endpoint.send(request);
    return error?.code ?? outcome;
  };
  if (toleranceMs === undefined) {
    const late = await outcomeAt(yearMs);
    assert.equal(late, "handled", "The scheme tells no tolerance, yet its deliveries have a time to live.");
    return;
  }
  for (const offsetMs of [0, toleranceMs, -toleranceMs]) {
    assert.equal(await outcomeAt(offsetMs), "handled", `${offsetMs} ms after it was signed`);
  }
  for (const offsetMs of [toleranceMs + 1, -(toleranceMs + 1), yearMs, -yearMs]) {
    assert.equal(await outcomeAt(offsetMs), "ERR_TIMESTAMP_STALE", `${offsetMs} ms after it was signed`);
  }
}

/** Signs odd times, and writes odd times beside a good signature. */
export async function oddTimes<Events>(bench: Bench<Events>): Promise<void> {
  // A scheme without a time has none that could be odd.
  if (bench.mock.provider.scheme.toleranceMs === undefined) return;
  const { nowMs } = bench;
  const endpoint = bench.open();
  for (const oddMs of [NaN, -nowMs, 0, nowMs * 1000, nowMs / 1000, 1e308, nowMs + yearMs]) {
    await endpoint.refuse(await bench.sign(bench.first, { nowMs: oddMs }), `the signed time of ${oddMs} ms`);
  }

  const request = await bench.sign(bench.first);
  const time = [String(nowMs / 1000), String(nowMs)].find((text) => isIn(request, text));
  assert.ok(time !== undefined, "The signed time stands in no header, neither in seconds nor in milliseconds.");
  const texts = ["zzz", ".0", "e0", "_0"].map((junk) => time + junk);
  for (const text of [...texts, `0${time}`, `+${time}`, `-${time}`, "", "NaN", "Infinity", "1e308", "0x7fffffff"]) {
    await endpoint.refuse(withTime(request, time, text), `the time ${JSON.stringify(text)}`);
  }
}

function isIn({ headers }: MockRequest, text: string): boolean {
  return Object.values(headers).some((value) => value.includes(text));
}

function withTime(request: MockRequest, time: string, text: string): MockRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = value.replace(time, () => text);
  return { ...request, headers };
}
