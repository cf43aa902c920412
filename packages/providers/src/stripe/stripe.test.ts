import { createHmac } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { WebhookEvent } from "@hooklatch/core";
import { expect, test } from "vitest";

import { stripe } from "./stripe.ts";

const secret = "whsec_test_secret";
const nowS = 1614265330;

const v1 = (body: string, key = secret, time = String(nowS)): string =>
  createHmac("sha256", key).update(`${time}.${body}`).digest("hex");

async function receive(body: string, header: string, secrets: string | readonly string[] = secret) {
  const clock = { nowMs: () => nowS * 1000, setTimer: () => () => {} };
  const receiver = createReceiver({ provider: stripe({ secrets }), clock, onOutcome: () => undefined });
  const events: WebhookEvent[] = [];
  receiver.on("*", (event) => void events.push(event));
  const headers = { "content-type": "application/json; charset=utf-8", "stripe-signature": header };
  const { outcome, error } = await receiver.receive(toIncomingDelivery({ headers, body: Buffer.from(body) }));
  return { outcome: error === undefined ? outcome : error.code, events };
}

const paid = {
  id: "evt_1",
  object: "event",
  type: "invoice.paid",
  created: nowS - 2,
  livemode: true,
  data: { object: { id: "in_1", object: "invoice" } },
};
const text = JSON.stringify(paid);

test("computes what Stripe's own library computed: the whole text of the secret is the key", () => {
  expect(v1('{"id":"evt_1","object":"event"}')).toBe(
    "42b3d2b2181207b6b299df380bf37599bb895dc182467ba12e046b1916c4cd19",
  );
});

test("hands over the whole signed event, with the mode it was made in", async () => {
  const { outcome, events } = await receive(text, `t=${nowS},v1=${v1(text)}`);
  expect(outcome).toBe("handled");
  expect(events).toEqual([
    { id: "evt_1", type: "invoice.paid", payload: paid, occurredAt: new Date((nowS - 2) * 1000).toISOString() },
  ]);
});

test("reads a thin event, whose time is text", async () => {
  const thin = {
    id: "evt_test_2",
    object: "v2.core.event",
    type: "v1.billing.meter.error_report_triggered",
    created: "2021-02-25T15:02:00.123Z",
    livemode: false,
    related_object: { id: "mtr_1", type: "billing.meter", url: "/v1/billing/meters/mtr_1" },
  };
  const body = JSON.stringify(thin);
  const { events } = await receive(body, `t=${nowS},v1=${v1(body)}`);
  expect(events).toEqual([{ id: thin.id, type: thin.type, payload: thin, occurredAt: thin.created }]);
});

test("accepts one good v1 among others while the secret is rolled, and the v0 of test events beside it", async () => {
  const [good, other] = [v1(text), v1(text, "whsec_other")];
  for (const header of [
    `t=${nowS},v1=${other},v1=${good}`,
    `t=${nowS},v1=${good},v1=${other}`,
    `t=${nowS},v1=${good},v0=${"0".repeat(64)}`,
    `v0=${other},v1=${good},t=${nowS}`,
  ]) {
    expect((await receive(text, header)).outcome).toBe("handled");
  }
});

test("takes nothing but v1 for a signature", async () => {
  for (const name of ["v0", "v2", "v11", "V1", "v1 ", "signature"]) {
    expect((await receive(text, `t=${nowS},${name}=${v1(text)}`)).outcome).toBe("ERR_SIGNATURE_MISSING");
  }
});

test.each([
  ["two times", `t=${nowS},t=${nowS},v1=${v1(text)}`, "ERR_TIMESTAMP_INVALID"],
  ["no time", `v1=${v1(text)}`, "ERR_SIGNATURE_MISSING"],
  ["a time with junk behind it", `t=${nowS}zzz,v1=${v1(text, secret, `${nowS}zzz`)}`, "ERR_TIMESTAMP_INVALID"],
  ["upper-case hex", `t=${nowS},v1=${v1(text).toUpperCase()}`, "ERR_SIGNATURE_MALFORMED"],
  ["nine signatures", `t=${nowS}${`,v1=${v1(text)}`.repeat(9)}`, "ERR_SIGNATURE_MALFORMED"],
])("refuses %s", async (_what, header, code) => {
  expect((await receive(text, header)).outcome).toBe(code);
});

test("tells byte 0xff from the character that stands for it", async () => {
  const replaced = text.replace("in_1", "in_\ufffd");
  const bytes = Buffer.from(text.replace("in_1", "in_@"));
  bytes[bytes.indexOf("@")] = 0xff;
  const receiver = createReceiver({ provider: stripe({ secrets: secret }), onOutcome: () => undefined });
  const headers = { "content-type": "application/json", "stripe-signature": `t=${nowS},v1=${v1(replaced)}` };
  expect((await receiver.receive(toIncomingDelivery({ headers, body: bytes }))).error?.code).toBe(
    "ERR_SIGNATURE_MISMATCH",
  );
});

test.each(["sk_live_51abc", "rk_test_51abc", "pk_live_51abc", " pk_test_51abc\n"])(
  "refuses a key of the API as the secret: %j",
  (key) => {
    expect(() => stripe({ secrets: ["whsec_1", key] })).toThrow("secrets[1] is a key of Stripe's API");
  },
);

test("refuses whsec_ alone", () => {
  expect(() => stripe({ secrets: "whsec_" })).toThrow(expect.objectContaining({ code: "ERR_SECRET_MISSING" }));
});

test("remembers events for as long as they can be sent again by hand, and keeps to the tolerance it is given", () => {
  const provider = stripe({ secrets: secret, toleranceMs: 5000 });
  expect(provider).toMatchObject({ name: "stripe", retryHorizonMs: 2_592_000_000, scheme: { toleranceMs: 5000 } });
});
