import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import { secret, signatureHeader } from "../shop-receiver.ts";

const key = createSecretKey(secret, "utf8");

/** What people write today: the signature over the raw body, then `JSON.parse`. */
export function verifyByHand(body: Buffer, headers: IncomingHttpHeaders): 200 | 401 {
  const expected = createHmac("sha256", key).update(body).digest();
  const given = Buffer.from(String(headers[signatureHeader]), "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 401;
  JSON.parse(body.toString());
  return 200;
}
