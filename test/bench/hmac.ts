import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import { Webhooks } from "@octokit/webhooks";
import { Stripe } from "stripe";

import { receiveAll, toSignedDelivery } from "./deliveries.ts";
import { measure, median, speedOf } from "./measure.ts";
import type { Contender, Timings } from "./measure.ts";
import { createOrders } from "./orders.ts";
import { perDelivery, ratioRow } from "./row.ts";
import type { Row } from "./row.ts";
import { createShopReceiver, secret, signatureHeader } from "./shop-receiver.ts";

const perRound = 1_000;

/** The whole of `receive()` with HMAC-SHA256 and 1 KiB, against the bare floor and two well-known libraries. */
export async function benchHmac(): Promise<readonly Row[]> {
  const share = (): readonly Buffer[] => createOrders(perRound, 1024);
  const timings = await measure([floor(), receive(), stripe(), octokit()], { share, rounds: 40, warmUp: 10 });
  return [
    row(timings, "receive(), HMAC 1 KiB, vs bare floor", "floor", 0.6),
    row(timings, "… vs stripe constructEvent alone", "stripe", 1),
    row(timings, "… vs octokit verifyAndReceive alone", "octokit", 1),
  ];
}

function row(timings: Timings, name: string, base: string, target: number): Row {
  const time = (contender: string): string => perDelivery(median(timings.get(contender) ?? []), perRound);
  return ratioRow(name, `${time("receive")} vs ${time(base)}`, speedOf(timings, "receive", base), target);
}

function floor(): Contender<readonly Buffer[]> {
  const key = createSecretKey(secret, "utf8");
  return {
    name: "floor",
    prepare(bodies) {
      const signed = bodies.map((body) => ({ body, signature: sign(body) }));
      return () => {
        for (const { body, signature } of signed) {
          const expected = createHmac("sha256", key).update(body).digest();
          if (!timingSafeEqual(expected, Buffer.from(signature, "hex"))) throw new Error("The floor found a forgery.");
          JSON.parse(body.toString());
        }
      };
    },
  };
}

function receive(): Contender<readonly Buffer[]> {
  const receiver = createShopReceiver(async () => {});
  return {
    name: "receive",
    prepare(bodies) {
      const deliveries = bodies.map((body) => toSignedDelivery(body, signatureHeader, sign(body)));
      return () => receiveAll(receiver, deliveries);
    },
  };
}

function stripe(): Contender<readonly Buffer[]> {
  const { webhooks } = new Stripe("sk_test_benchmark");
  return {
    name: "stripe",
    prepare(bodies) {
      const seconds = Math.floor(Date.now() / 1000);
      const signed = bodies.map((body) => ({ body, header: `t=${seconds},v1=${sign(`${seconds}.`, body)}` }));
      return () => {
        for (const { body, header } of signed) webhooks.constructEvent(body, header, secret);
      };
    },
  };
}

function octokit(): Contender<readonly Buffer[]> {
  const webhooks = new Webhooks({ secret });
  webhooks.on("push", async () => {});
  return {
    name: "octokit",
    prepare(bodies) {
      const signed = bodies.map((body, index) => ({
        id: `delivery-${index}`,
        name: "push",
        payload: body.toString(),
        signature: `sha256=${sign(body)}`,
      }));
      return async () => {
        for (const event of signed) await webhooks.verifyAndReceive(event);
      };
    },
  };
}

function sign(...parts: readonly (string | Buffer)[]): string {
  const digest = createHmac("sha256", secret);
  for (const part of parts) digest.update(part);
  return digest.digest("hex");
}
