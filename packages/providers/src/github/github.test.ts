import { createHash, createHmac } from "node:crypto";

import { createReceiver, systemClock, toIncomingDelivery } from "@hooklatch/core";
import type { WebhookEvent } from "@hooklatch/core";
import { expect, test } from "vitest";

import { github } from "./github.ts";

const secret = "It's a Secret to Everybody";
type Headers = Readonly<Record<string, string | undefined>>;

const sign = (body: string, hash = "sha256", key = secret): string =>
  `${hash}=${createHmac(hash, key).update(body).digest("hex")}`;

function receiverOf(nowMs: () => number = Date.now) {
  const provider = github({ secrets: secret });
  const receiver = createReceiver({ provider, onOutcome: () => undefined, clock: { ...systemClock, nowMs } });
  const events: WebhookEvent[] = [];
  receiver.on("*", (event) => void events.push(event));
  const post = async (body: string, event: string | undefined, headers: Headers = {}): Promise<string> => {
    const { outcome, error } = await receiver.receive(
      toIncomingDelivery({
        headers: {
          "content-type": "application/json",
          "x-github-event": event,
          "x-github-delivery": "5e0b2d10-7c1f-4f6e-9a67-0f8f6f1c2d3e",
          "x-hub-signature-256": sign(body),
          ...headers,
        },
        body: Buffer.from(body),
      }),
    );
    return error === undefined ? outcome : error.code;
  };
  return { events, post };
}

const opened = { action: "opened", issue: { number: 7, title: "The lamp flickers" }, repository: { id: 1 } };
const text = JSON.stringify(opened);
const toForm = (json: string): string => new URLSearchParams({ payload: json }).toString();
const form = { "content-type": "application/x-www-form-urlencoded" };

test("verifies the example of GitHub's documentation", async () => {
  const vector = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  const { post } = receiverOf();
  // Past the check: what is wrong with it is not the signature.
  expect(await post("Hello, World!", "push", { "x-hub-signature-256": vector })).toBe("ERR_BODY_MALFORMED");
  expect(await post("Hello, World?", "push", { "x-hub-signature-256": vector })).toBe("ERR_SIGNATURE_MISMATCH");
});

test("makes the type of event and action, the id of the bytes, and marks what is not signed", async () => {
  const { events, post } = receiverOf();
  expect(await post(text, "issues", { "x-github-hook-id": "4", "x-github-hook-installation-target-id": "9" })).toBe(
    "handled",
  );
  const unsigned = {
    event: "issues",
    deliveryId: "5e0b2d10-7c1f-4f6e-9a67-0f8f6f1c2d3e",
    hookId: "4",
    targetId: "9",
  };
  const id = createHash("sha256").update(text).digest("hex");
  expect(events).toEqual([{ id, type: "issues.opened", payload: { ...opened, unsigned } }]);
});

test("leaves out of the unsigned part what no header says, and lets no body fill it in", async () => {
  const { events, post } = receiverOf();
  const body = JSON.stringify({ ...opened, unsigned: { deliveryId: "from the body" } });
  expect(await post(body, "issues", { "x-github-delivery": undefined })).toBe("handled");
  expect(events[0]?.payload).toEqual({ ...opened, unsigned: { event: "issues" } });
});

test("reads the same event out of a form", async () => {
  const { events, post } = receiverOf();
  const body = toForm(JSON.stringify({ ...opened, note: "a+b & c=d ✨" }));
  expect(await post(body, "issues", form)).toBe("handled");
  expect(events[0]).toMatchObject({ type: "issues.opened", payload: { ...opened, note: "a+b & c=d ✨" } });
});

test("tells a form from JSON by the signed bytes, not by the content type", async () => {
  const { events, post } = receiverOf();
  const forged = toForm(JSON.stringify({ ...opened, action: "deleted" }));
  // Anyone may open an issue with such a title; its signed JSON must never be read as the form in it.
  const body = JSON.stringify({ ...opened, issue: { title: `&${forged}&` } });
  expect(await post(body, "issues", form)).toBe("handled");
  expect(await post(toForm(text), "issues")).toBe("handled");
  expect(events.map(({ type }) => type)).toEqual(["issues.opened", "issues.opened"]);
});

test.each([
  ["a second field", `${toForm(text)}&payload=%7B%7D`],
  ["no payload", "pay=1"],
  ["an escape that is broken", "payload=%7"],
  ["a payload that is no JSON", "payload=hello"],
  ["a payload within a path of brackets", "payload[a]=1"],
])("refuses a signed form with %s", async (_what, body) => {
  expect(await receiverOf().post(body, "issues", form)).toBe("ERR_BODY_MALFORMED");
});

test.each(["payload=null", "payload=%5B%5D", "payload=1"])(
  "refuses a signed form without an object: %s",
  async (body) => {
    expect(await receiverOf().post(body, "issues", form)).toBe("ERR_BODY_NOT_OBJECT");
  },
);

test("refuses SHA-1, by itself and beside a bad SHA-256", async () => {
  const sha1 = { "x-hub-signature": sign(text, "sha1") };
  const { post } = receiverOf();
  expect(await post(text, "issues", { ...sha1, "x-hub-signature-256": undefined })).toBe("ERR_SIGNATURE_MISSING");
  expect(await post(text, "issues", { "x-hub-signature-256": sha1["x-hub-signature"] })).toBe(
    "ERR_SIGNATURE_MALFORMED",
  );
  const bad = { ...sha1, "x-hub-signature-256": sign(text, "sha256", "another") };
  expect(await post(text, "issues", bad)).toBe("ERR_SIGNATURE_MISMATCH");
});

test("takes a captured delivery for a duplicate, whatever its unsigned headers say now", async () => {
  const { events, post } = receiverOf();
  expect(await post(text, "issues")).toBe("handled");
  for (const headers of [
    {},
    { "x-github-delivery": "00000000-0000-4000-8000-000000000000" },
    { "x-github-delivery": undefined },
    { "x-github-hook-id": "1", "user-agent": "curl" },
    { "x-github-hook-installation-target-type": "organization", "x-github-hook-installation-target-id": "1" },
    { "x-github-enterprise-host": "git.example.com", "x-github-enterprise-version": "3" },
  ]) {
    expect(await post(text, "issues", headers)).toBe("duplicate");
  }
  expect(events).toHaveLength(1);
});

test("refuses a captured delivery under a name that is not known, handled before or not", async () => {
  const { events, post } = receiverOf();
  expect(await post(text, "issues_of_tomorrow")).toBe("ERR_EVENT_TYPE_INVALID");
  expect(await post(text, "issues")).toBe("handled");
  expect(await post(text, "issues_of_tomorrow")).toBe("ERR_EVENT_TYPE_INVALID");
  expect(events.map(({ type }) => type)).toEqual(["issues.opened"]);
});

test("runs an event that is newer than the list once, whatever its name is said to be next", async () => {
  const { events, post } = receiverOf();
  const lamp = JSON.stringify({ action: "lit", lamp: { id: 1 }, repository: { id: 1 }, sender: { id: 2 } });
  expect(await post(lamp, "lamps")).toBe("handled");
  expect(await post(lamp, "candles")).toBe("duplicate");
  expect(events.map(({ type }) => type)).toEqual(["lamps.lit"]);
});

test("says what core needs to know of GitHub", () => {
  expect(github({ secrets: secret })).toMatchObject({
    name: "github",
    body: "json",
    jsonField: "payload",
    contentTypes: ["application/json", "application/x-www-form-urlencoded"],
    maxBodyBytes: 26_214_400,
    retryHorizonMs: 604_800_000,
    scheme: { headers: ["x-hub-signature-256"] },
  });
});

test.each([
  ["repository_dispatch", { action: "deploy", branch: "main", client_payload: {}, repository: { id: 1 } }, "handled"],
  ["workflow_dispatch", { inputs: null, ref: "refs/heads/main", workflow: "a.yml", repository: { id: 1 } }, "handled"],
  ["issues", opened, "duplicate"],
])("the same bytes of %s three minutes later are %s", async (name, body, expected) => {
  let nowMs = Date.UTC(2026, 10, 21);
  const { post } = receiverOf(() => nowMs);
  expect(await post(JSON.stringify(body), name)).toBe("handled");
  nowMs += 60_000;
  expect(await post(JSON.stringify(body), name)).toBe("duplicate");
  nowMs += 120_000;
  expect(await post(JSON.stringify(body), name)).toBe(expected);
});

test("refuses a window that is none", () => {
  expect(() => github({ secrets: secret, windowMs: 0 })).toThrow("github: windowMs");
});
