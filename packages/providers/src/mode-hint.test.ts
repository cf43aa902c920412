import { createHmac, generateKeyPairSync, sign } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { describe, expect, test } from "vitest";

import { chip } from "./chip/index.ts";
import { stripe } from "./stripe/index.ts";

const time = "1760000000";
const clock = { nowMs: () => Number(time) * 1000, setTimer: () => () => {} };
const [secret, foreignSecret] = ["whsec_own", "whsec_foreign"];
const [pair, foreignPair] = [keyPair(), keyPair()];
const pem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();

function keyPair() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

function bySecret(body: string, key: string) {
  return { "stripe-signature": `t=${time},v1=${createHmac("sha256", key).update(`${time}.${body}`).digest("hex")}` };
}

async function explain(provider: Provider<unknown>, headers: Readonly<Record<string, string>>, body: string) {
  const receiver = createReceiver({ provider, clock, onOutcome: () => undefined });
  const sent = { headers: { "content-type": "application/json", ...headers }, body: Buffer.from(body) };
  const result = await receiver.receive(toIncomingDelivery(sent));
  return { reply: result.reply, diagnosis: await result.explain?.() };
}

const platforms = [
  {
    name: "stripe",
    refuse: (body: string) => explain(stripe({ secrets: secret }), bySecret(body, foreignSecret), body),
    bodies: { live: '{"livemode":true}', test: '{"id":"evt_1","livemode":false}' },
    silent: ['{"livemode":"false"}', '{"data":{"livemode":false}}', '{"livemode":null}', "[]", "null", "{", "{}"],
  },
  {
    name: "chip",
    refuse: (body: string) => {
      const signature = sign("sha256", Buffer.from(body), foreignPair.privateKey).toString("base64");
      return explain(chip({ publicKey: pem }), { "x-signature": signature }, body);
    },
    bodies: { live: '{"is_test":false}', test: '{"type":"purchase","is_test":true}' },
    silent: ['{"is_test":1}', '{"purchase":{"is_test":true}}', "7", '{"is_test":true', "{}"],
  },
];

describe.each(platforms)("a hint at the mode for $name", ({ refuse, bodies, silent }) => {
  test.each(["live", "test"] as const)(
    "says that the body claims %s mode, as a claim, and keeps the rest",
    async (mode) => {
      const { reply, diagnosis } = await refuse(bodies[mode]);
      expect(reply.status).toBe(401);
      expect(reply.body).toBe('{"error":"ERR_SIGNATURE_MISMATCH"}');
      expect(diagnosis?.cause).toBe("unknown");
      expect(diagnosis?.message).toMatch(new RegExp(`^Not proven: the body claims ${mode} mode`));
      expect(diagnosis?.message).toContain("ERR_SIGNATURE_MISMATCH");
      expect(diagnosis?.message.length).toBeLessThan(600);
    },
  );

  test.each(silent)("is not given for %s", async (body) => {
    const { diagnosis } = await refuse(body);
    expect(diagnosis?.cause).toBe("unknown");
    expect(diagnosis?.message).not.toContain("claims");
  });

  test("is not given for a body over 1 MiB, which is not parsed for it", async () => {
    const { diagnosis } = await refuse(bodies.test + " ".repeat(1024 * 1024));
    expect(diagnosis?.message ?? "").not.toContain("claims");
  });
});

test("a cause that is proven stands alone", async () => {
  const body = '{"livemode":false}';
  const changed = await explain(stripe({ secrets: secret }), bySecret(`${body}\n`, secret), body);
  expect(changed.diagnosis).toMatchObject({ cause: "body-line-endings" });
  const otherKeys = { "test mode": foreignSecret };
  const other = await explain(stripe({ secrets: secret, otherKeys }), bySecret(body, foreignSecret), body);
  expect(other.diagnosis).toMatchObject({ cause: "other-key" });
  for (const { diagnosis } of [changed, other]) expect(diagnosis?.message).not.toContain("claims");
});

test("a missing header is told without a hint, for the body was never read", async () => {
  const { diagnosis } = await explain(stripe({ secrets: secret }), {}, '{"livemode":false}');
  expect(diagnosis?.message).not.toContain("claims");
});
