import { createHmac } from "node:crypto";

import { toIncomingDelivery } from "@hooklatch/core";
import type { Delivery } from "@hooklatch/core";
import { standardWebhooks } from "@hooklatch/core/schemes";
import { Webhook } from "standardwebhooks";

import { measure, median, speedOf } from "./measure.ts";
import type { Contender } from "./measure.ts";
import { createOrders } from "./orders.ts";
import { perDelivery, ratioRow } from "./row.ts";
import type { Row } from "./row.ts";

const secret = `whsec_${Buffer.alloc(32, "benchmark").toString("base64")}`;

/**
 * The verification of Standard Webhooks against the standard's own package, both from bytes, at 1 and 100 KiB. The
 * package's `verify` cannot be had without its `JSON.parse`.
 */
export async function benchStandardWebhooks(): Promise<readonly Row[]> {
  return [await bench(1, 500, 3), await bench(100, 20, 8)];
}

async function bench(kib: number, perRound: number, target: number): Promise<Row> {
  const share = (): readonly Signed[] => createOrders(perRound, kib * 1024).map(sign);
  const timings = await measure([ours(), theirs()], { share, rounds: 20, warmUp: 5 });
  const time = (name: string): string => perDelivery(median(timings.get(name) ?? []), perRound);
  const measured = `${time("ours")} vs ${time("theirs")}`;
  return ratioRow(
    `Standard Webhooks, ${kib} KiB, vs its package`,
    measured,
    speedOf(timings, "ours", "theirs"),
    target,
  );
}

interface Signed {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

function sign(body: Buffer, index: number): Signed {
  const id = `msg_${index}`;
  const time = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${time}.`).update(body).digest("base64");
  return {
    body,
    headers: { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": `v1,${signature}` },
  };
}

function ours(): Contender<readonly Signed[]> {
  const scheme = standardWebhooks({ secrets: secret });
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

function theirs(): Contender<readonly Signed[]> {
  const webhook = new Webhook(secret);
  return {
    name: "theirs",
    prepare: (signed) => () => {
      for (const { body, headers } of signed) webhook.verify(body, headers);
    },
  };
}

function toDelivery({ body, headers }: Signed): Delivery {
  const incoming = toIncomingDelivery({ headers, body });
  const { method, url } = incoming;
  return { method, url, body, receivedAtMs: 0, header: (name) => incoming.headerValues(name.toLowerCase())[0] };
}
