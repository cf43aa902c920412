import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { chip } from "../chip.ts";
import type { Fetch } from "../../fetch.ts";
import { ensureWebhook } from "./ensure-webhook.ts";
import type { EnsureWebhookOptions } from "./ensure-webhook.ts";

const token = "sk_hooklatch_7Jq2";
const callback = "https://shop.example/hook";
const events = ["purchase.paid", "payment.refunded"];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Kept {
  readonly id: string;
  readonly title: string;
  readonly callback: string;
  readonly events: readonly string[];
  readonly all_events: boolean;
  readonly created_on: number;
}

function kept(id: string, changes: Partial<Kept> = {}): Kept {
  return { id, title: "Shop", callback, events, all_events: false, created_on: 1_800_000_000, ...changes };
}

const keyOf = (id: string) => `-----BEGIN PUBLIC KEY-----\n${id}\n-----END PUBLIC KEY-----`;

/**
 * A small CHIP. `faultOn` may end a request: `before` it did anything, or `after`, when only the answer is lost.
 */
function setUp(
  webhooks: Kept[],
  faultOn: (request: string, count: number) => "before" | "after" | undefined = () => undefined,
) {
  const requests: string[] = [];
  const fetch: Fetch = async (url, { method, body = "{}" }) => {
    const request = `${method} ${new URL(url).pathname.replace("/api/v1", "")}`;
    requests.push(request);
    const fault = faultOn(request, requests.filter((other) => other === request).length);
    if (fault === "before") throw new TypeError("fetch failed");
    // What ensureWebhook sends is some of these fields.
    const sent = JSON.parse(body) as Partial<Kept>;
    const id = /([^/]+)\/$/.exec(request)?.[1] ?? "";
    if (method === "POST") webhooks.push(kept(`new-${webhooks.length}`, sent));
    const index = webhooks.findIndex((webhook) => webhook.id === id);
    const old = webhooks[index];
    if (method === "PATCH" && old !== undefined) webhooks[index] = { ...old, ...sent };
    if (fault === "after") throw new TypeError("fetch failed");
    const toWire = (webhook: Kept | undefined) => webhook && { ...webhook, public_key: keyOf(webhook.id) };
    if (method === "GET") return Response.json({ results: webhooks.map(toWire), next: null });
    return Response.json(toWire(method === "POST" ? webhooks.at(-1) : webhooks[index]));
  };
  return {
    webhooks,
    requests,
    ensure: async (options: Partial<EnsureWebhookOptions> = {}) => {
      // Every test gives one choice of events at most; this is the other one.
      const choice = options.allEvents === true ? {} : { events };
      const work = ensureWebhook({ token, fetch, callback, ...choice, ...options } as EnsureWebhookOptions);
      const [result] = await Promise.allSettled([work, vi.advanceTimersByTimeAsync(60_000)]);
      if (result.status === "rejected") throw result.reason;
      return result.value;
    },
  };
}

test("makes a webhook where there is none, and answers with its key", async () => {
  const { ensure, webhooks, requests } = setUp([kept("other", { callback: "https://shop.example/other" })]);
  const ensured = await ensure();
  expect(ensured).toMatchObject({ action: "created", keys: { publicKey: [keyOf("new-1")] }, others: [] });
  expect(ensured.webhook).toMatchObject({ id: "new-1", title: "Hooklatch", callback, events, allEvents: false });
  expect(webhooks).toHaveLength(2);
  expect(requests).toEqual(["GET /webhooks/", "POST /webhooks/"]);
});

test("finds it the next time and changes nothing, in whatever order the events stand", async () => {
  const { ensure, requests } = setUp([]);
  await ensure();
  expect((await ensure({ events: events.toReversed() })).action).toBe("found");
  expect(requests).toEqual(["GET /webhooks/", "POST /webhooks/", "GET /webhooks/"]);
});

test("finds it where CHIP wrote the address in its normal form", async () => {
  const { ensure } = setUp([kept("a", { callback: "https://shop.example/" })]);
  expect((await ensure({ callback: "HTTPS://Shop.Example" })).action).toBe("found");
});

test.each([
  ["fewer", kept("a"), { events: ["purchase.paid"] }, { events: ["purchase.paid"], all_events: false }],
  ["others", kept("a"), { events: ["a.b", "c.d"] }, { events: ["a.b", "c.d"], all_events: false }],
  ["some instead of all", kept("a", { all_events: true }), { events }, { events, all_events: false }],
  ["all instead of some", kept("a"), { allEvents: true }, { all_events: true }],
] as const)("updates the events to %s", async (_, webhook, options, changed) => {
  const { ensure, webhooks, requests } = setUp([webhook]);
  expect((await ensure(options)).action).toBe("updated");
  expect(webhooks).toEqual([{ ...webhook, ...changed }]);
  expect(requests).toEqual(["GET /webhooks/", "PATCH /webhooks/a/"]);
});

test("leaves a webhook of all events alone, whatever list it still has", async () => {
  const { ensure } = setUp([kept("a", { all_events: true })]);
  expect((await ensure({ allEvents: true })).action).toBe("found");
});

test("takes the oldest of several, and gives the keys of all: each delivers to the callback", async () => {
  const { ensure } = setUp([
    kept("young", { created_on: 1_900_000_000 }),
    kept("old"),
    kept("b", { callback: "https://b.example" }),
  ]);
  const { webhook, others, keys } = await ensure();
  expect([webhook.id, others.map(({ id }) => id)]).toEqual(["old", ["young"]]);
  expect(keys.publicKey).toEqual([keyOf("old"), keyOf("young")]);
});

test("takes the one with the title when several have the callback", async () => {
  const { ensure } = setUp([kept("old"), kept("young", { created_on: 1_900_000_000, title: "Refunds" })]);
  expect((await ensure({ title: "Refunds" })).webhook.id).toBe("young");
});

test("looks for the webhook before it sends a POST again whose answer was lost", async () => {
  const { ensure, webhooks, requests } = setUp([], (request, count) =>
    request === "POST /webhooks/" && count === 1 ? "after" : undefined,
  );
  expect((await ensure()).action).toBe("found");
  expect(webhooks).toHaveLength(1);
  expect(requests).toEqual(["GET /webhooks/", "POST /webhooks/", "GET /webhooks/"]);
});

test("sends the POST again when there is still no webhook", async () => {
  const { ensure, webhooks, requests } = setUp([], (request, count) =>
    request === "POST /webhooks/" && count === 1 ? "before" : undefined,
  );
  expect((await ensure()).action).toBe("created");
  expect(webhooks).toHaveLength(1);
  expect(requests).toEqual(["GET /webhooks/", "POST /webhooks/", "GET /webhooks/", "POST /webhooks/"]);
});

test("gives up after three times, and not after nine", async () => {
  const posts = setUp([], (request) => (request.startsWith("POST") ? "before" : undefined));
  await expect(posts.ensure()).rejects.toThrow("The webhook may have been made");
  expect(posts.requests.filter((request) => request.startsWith("POST"))).toHaveLength(3);

  const lists = setUp([], () => "before");
  await expect(lists.ensure()).rejects.toThrow("GET /webhooks/ could not be reached");
  expect(lists.requests).toHaveLength(3);
});

test("refuses what is wrong before it sends anything", async () => {
  const { ensure, requests } = setUp([kept("a")]);
  await expect(ensure({ title: "t".repeat(101) })).rejects.toThrow("title has 101 characters");
  await expect(ensure({ events: [] })).rejects.toThrow("events is missing or empty");
  await expect(ensure({ callback: "nowhere" })).rejects.toThrow("callback is not");
  await expect(ensure({ token: "" })).rejects.toThrow("CHIP_SECRET_KEY");
  expect(requests).toEqual([]);
});

test("its keys are what chip() takes", async () => {
  const { ensure } = setUp([]);
  const { keys } = await ensure();
  // These are no real keys; the provider is the one that says so.
  expect(() => chip({ ...keys })).toThrow("is not a PEM that can be read");
});
