import { createReceiver } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { describe, expect, it } from "vitest";

import { githubMock } from "./github/index.ts";
import type { MockMoment, MockPlatform } from "./mock-platform.ts";
import { createMockSender } from "./mock-sender.ts";
import type { SecretCredentials, SecretMockOptions } from "./mock-secret.ts";
import { createMoments } from "./moments.ts";
import { paddleMock } from "./paddle/index.ts";
import { shopifyMock } from "./shopify/index.ts";
import { slackMock } from "./slack/index.ts";
import { stripeMock } from "./stripe/index.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const startMs = Date.UTC(2027, 0, 1, 17, 30, 0, 250);
const momentsOf = (atMs = startMs) => createMoments(createVirtualClock(atMs), "fixtures");

/** A platform as these tests use it, whatever its events. */
interface Row {
  readonly name: string;
  readonly platform: Pick<MockPlatform<unknown>, "attemptsDueMs" | "encode" | "sign"> & {
    readonly provider: Pick<Provider<unknown>, "describe" | "retryHorizonMs">;
  };
  readonly fixtures: readonly { readonly type: string; readonly make: (nextMoment?: () => MockMoment) => unknown }[];
  readonly secretOf: (secret?: string) => string;
  readonly outcomes: (
    secret?: string,
    foreign?: boolean,
  ) => Promise<{ readonly types: readonly string[]; readonly outcomes: readonly string[] }>;
}

function toRow<Events>(
  make: (options?: SecretMockOptions) => MockPlatform<Events, SecretCredentials>,
  unlisted: Extract<keyof Events, string>,
): Row {
  const platform = make();
  return {
    name: platform.name,
    platform,
    fixtures: [...platform.types, unlisted].map((type) => ({
      type,
      make: (nextMoment = momentsOf()) => platform.fixture(type, nextMoment()),
    })),
    secretOf: (secret?: string) => make(secret === undefined ? {} : { secret }).credentials.secret,
    async outcomes(secret = platform.credentials.secret, foreign = false) {
      const sender = createMockSender(make({ secret }));
      const receiver = createReceiver({ provider: platform.provider, clock: sender.clock, onOutcome: () => undefined });
      const types: string[] = [];
      receiver.on("*", (event) => void types.push(event.type));
      const outcomes: string[] = [];
      for (const type of [...platform.types, unlisted]) {
        const { outcome, code } = await sender.send(receiver, type, foreign ? { fault: "wrongKey" } : {});
        outcomes.push(code ?? outcome ?? "");
      }
      return { types, outcomes };
    },
  };
}

const rows: readonly Row[] = [
  toRow(stripeMock, "payout.paid"),
  toRow(githubMock, "label.created"),
  toRow(shopifyMock, "refunds/create"),
  toRow(paddleMock, "payout.paid"),
  toRow(slackMock, "team_join"),
];

describe.each(rows)("the mock of $name", ({ platform, fixtures, secretOf, outcomes }) => {
  it("sends each of its events, and one without a fixture of its own, so that a receiver handles it", async () => {
    const { types, outcomes: all } = await outcomes();
    expect(types).toEqual(fixtures.map(({ type }) => type));
    expect(new Set(all)).toEqual(new Set(["handled"]));
  });

  it("is refused by a receiver with another secret, and when it signs with a foreign one", async () => {
    expect(new Set((await outcomes(secretOf())).outcomes)).toEqual(new Set(["ERR_SIGNATURE_MISMATCH"]));
    expect(new Set((await outcomes(undefined, true)).outcomes)).toEqual(new Set(["ERR_SIGNATURE_MISMATCH"]));
  });

  it("makes the same payload of the same moment, and another id of the next", async () => {
    for (const { type, make } of fixtures) {
      expect(make()).toEqual(make());
      const nextMoment = momentsOf();
      const ids = [1, 2].map(() => idOf(platform, type, make(nextMoment)));
      expect(ids[0]).toBeDefined();
      expect(ids[0]).not.toBe(ids[1]);
    }
  });

  it("makes a secret of its own, or takes the one it is given", () => {
    expect(secretOf()).not.toBe(secretOf());
    expect(secretOf("given-secret")).toBe("given-secret");
    expect(() => secretOf(" ")).toThrow(expect.objectContaining({ code: "ERR_SECRET_MISSING" }));
  });

  it("keeps the request it signs as it was", async () => {
    const request = { method: "POST", url: "http://localhost/", headers: { a: "b" }, body: new Uint8Array([1]) };
    const before = structuredClone(request);
    const event = { type: "any", payload: {}, moment: momentsOf()() };
    const signed = await platform.sign(request, { event, key: "own", nowMs: startMs });
    expect(request).toEqual(before);
    expect(signed).toMatchObject({ headers: { a: "b" }, body: request.body });
  });

  it("makes its attempts one after the other and within the provider's retry horizon", () => {
    const { attemptsDueMs, provider } = platform;
    expect(attemptsDueMs[0]).toBe(0);
    expect(new Set(attemptsDueMs).size).toBe(attemptsDueMs.length);
    expect(attemptsDueMs).toEqual(attemptsDueMs.toSorted((one, other) => one - other));
    expect(attemptsDueMs.at(-1)).toBeLessThan(provider.retryHorizonMs);
  });

  it("names nobody who exists", () => {
    const text = JSON.stringify(fixtures.map(({ make }) => make()));
    for (const [, host] of text.matchAll(/@([\w.-]+\.\w+)/g)) expect(host).toMatch(/(^|\.)example\.com$/);
    for (const [, host] of text.matchAll(/https?:\/\/([^/"]+)/g)) {
      expect(host).toMatch(/(^|\.)example\.com$|^(api\.)?github\.com$/);
    }
  });
});

/** The id that a receiver reads. */
function idOf(platform: Row["platform"], type: string, payload: unknown): unknown {
  const { bytes, parsed } = platform.encode({ type, payload, moment: momentsOf()() });
  const headers: Readonly<Record<string, string>> = {
    "x-github-event": type.split(".")[0] ?? "",
    "x-shopify-topic": type,
  };
  const delivery = {
    method: "POST",
    url: "/",
    receivedAtMs: startMs,
    body: bytes,
    header: (name: string) => headers[name],
  };
  return platform.provider.describe(parsed, delivery).id;
}
