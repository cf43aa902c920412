import { createHmac } from "node:crypto";

import { toIncomingDelivery } from "@hooklatch/core";
import type { Delivery, Scheme } from "@hooklatch/core";
import { github } from "@hooklatch/providers/github";
import { standardWebhooksProvider } from "@hooklatch/providers/standard-webhooks";
import { stripe } from "@hooklatch/providers/stripe";
import { verify as verifyByOctokit } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import { Stripe } from "stripe";

import { measure, median, speedOf } from "./measure.ts";
import type { Contender } from "./measure.ts";
import { createOrders } from "./orders.ts";
import { perDelivery, ratioRow } from "./row.ts";
import type { Row } from "./row.ts";

/** A platform's verification by ours and by its own library, both from bytes. */
interface Rival {
  readonly name: string;
  readonly scheme: Scheme;
  sign(body: Buffer): Readonly<Record<string, string>>;
  verify(signed: Signed): unknown;
}

interface Signed {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const key = Buffer.alloc(32, "benchmark");
const secret = `whsec_${key.toString("base64")}`;

/** Verification alone, against each platform's own library. Stripe's and the standard's cannot be had without a parse. */
export async function benchSchemes(): Promise<readonly Row[]> {
  return [
    await bench(standardWebhooks(), { kib: 1, perRound: 500, target: 3 }),
    await bench(standardWebhooks(), { kib: 100, perRound: 20, target: 8 }),
    await bench(stripeLibrary(), { kib: 1, perRound: 500, target: 1 }),
    await bench(octokit(), { kib: 1, perRound: 500, target: 1 }),
  ];
}

interface BenchOptions {
  readonly kib: number;
  readonly perRound: number;
  readonly target: number;
}

async function bench(rival: Rival, { kib, perRound, target }: BenchOptions): Promise<Row> {
  const share = (): readonly Signed[] =>
    createOrders(perRound, kib * 1024).map((body) => ({ body, headers: rival.sign(body) }));
  const timings = await measure([ours(rival), theirs(rival)], { share, rounds: 20, warmUp: 5 });
  const time = (name: string): string => perDelivery(median(timings.get(name) ?? []), perRound);
  const measured = `${time("ours")} vs ${time("theirs")}`;
  return ratioRow(`verifying ${rival.name}, ${kib} KiB`, measured, speedOf(timings, "ours", "theirs"), target);
}

function ours({ scheme }: Rival): Contender<readonly Signed[]> {
  return {
    name: "ours",
    prepare(signed) {
      const deliveries = signed.map(toDelivery);
      return async () => {
        for (const delivery of deliveries) await scheme.verify(delivery, Date.now());
      };
    },
  };
}

function theirs(rival: Rival): Contender<readonly Signed[]> {
  return {
    name: "theirs",
    prepare: (signed) => async () => {
      for (const one of signed) await rival.verify(one);
    },
  };
}

function standardWebhooks(): Rival {
  const webhook = new Webhook(secret);
  return {
    name: "Standard Webhooks",
    scheme: standardWebhooksProvider({ name: "bench", secrets: secret }).scheme,
    sign(body) {
      const time = nowSeconds();
      const signature = createHmac("sha256", key).update(`msg_1.${time}.`).update(body).digest("base64");
      return { "webhook-id": "msg_1", "webhook-timestamp": time, "webhook-signature": `v1,${signature}` };
    },
    verify: ({ body, headers }) => webhook.verify(body, headers),
  };
}

function stripeLibrary(): Rival {
  const { webhooks } = new Stripe("sk_test_benchmark");
  return {
    name: "Stripe",
    scheme: stripe({ secrets: secret }).scheme,
    sign(body) {
      const time = nowSeconds();
      const signature = createHmac("sha256", secret).update(`${time}.`).update(body).digest("hex");
      return { "stripe-signature": `t=${time},v1=${signature}` };
    },
    verify: ({ body, headers }) => webhooks.constructEvent(body, headers["stripe-signature"] ?? "", secret),
  };
}

function octokit(): Rival {
  return {
    name: "GitHub",
    scheme: github({ secrets: secret }).scheme,
    sign: (body) => ({
      "x-github-event": "push",
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    }),
    async verify({ body, headers }) {
      if (!(await verifyByOctokit(secret, body.toString(), headers["x-hub-signature-256"] ?? ""))) {
        throw new Error("Octokit found a forgery.");
      }
    },
  };
}

function nowSeconds(): string {
  return String(Math.floor(Date.now() / 1000));
}

function toDelivery({ body, headers }: Signed): Delivery {
  const incoming = toIncomingDelivery({ headers, body });
  const { method, url } = incoming;
  return { method, url, body, receivedAtMs: 0, header: (name) => incoming.headerValues(name.toLowerCase())[0] };
}
