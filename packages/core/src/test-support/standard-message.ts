import { createHmac } from "node:crypto";

import type { Delivery } from "../delivery.ts";
import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import type { Scheme } from "../scheme.ts";
import { refusalOf } from "./caught.ts";

/** The message that the reference implementations of Standard Webhooks are tested with, and what they sign it with. */
export const vector = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  time: "1614265330",
  body: '{"test": 2432232314}',
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  v1: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  publicKey: "whpk_ZlN4eg7dSSqi0moX9hQUk3orrOouK3QVQSlJa248c/g=",
  v1a: "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==",
};
/** When it is fresh. */
export const nowMs = Number(vector.time) * 1000;

/** Another secret than the message's. */
export const otherSecret = `whsec_${Buffer.from("another secret of 24 byt").toString("base64")}`;

interface Message {
  readonly id: string;
  readonly time: string;
  readonly body: string;
}

/** A `v1` signature, with nothing but `createHmac`. */
export function signWith(key: string, { id, time, body }: Message = vector): string {
  const bytes = Buffer.from(key.replace("whsec_", ""), "base64");
  return `v1,${createHmac("sha256", bytes).update(`${id}.${time}.${body}`).digest("base64")}`;
}

/** The three headers. */
export function headersOf(signature: string, { prefix = "webhook", id = vector.id, time = vector.time } = {}) {
  return { [`${prefix}-id`]: id, [`${prefix}-timestamp`]: time, [`${prefix}-signature`]: signature };
}

/** A delivery of the message's body, or of another. */
export function deliveryOf(
  headers: Readonly<Record<string, string | readonly string[]>>,
  body: string = vector.body,
): Delivery {
  const bytes = Buffer.from(body);
  return toDelivery(toIncomingDelivery({ headers, body: bytes }), bytes, nowMs);
}

/** How a scheme refuses a delivery, or `nothing`. */
export function answer(scheme: Scheme, ...sent: Parameters<typeof deliveryOf>): Promise<string> {
  return refusalOf(() => scheme.verify(deliveryOf(...sent), nowMs));
}
