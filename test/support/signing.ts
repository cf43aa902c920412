import { createHmac, generateKeyPairSync, randomUUID, sign } from "node:crypto";

import type { Provider } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";
import type { HmacOptions } from "@hooklatch/core/schemes";
import { chip } from "@hooklatch/providers/chip";

/** A delivery that is ready to be sent, correctly signed. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a test says of the event to sign; the rest is made up. */
export interface EventToSign {
  readonly id?: string;
  readonly type?: string;
}

/** One platform whose private side the tests hold. */
export interface Signer {
  readonly name: string;
  readonly provider: Provider<unknown>;
  readonly signatureHeader: string;
  /** Signs an event that the provider can read. */
  event(event?: EventToSign): SignedRequest;
  /** Signs any bytes. */
  sign(body: string | Uint8Array): SignedRequest;
}

/** The secret of {@link acme}. No reply and no log may ever hold it. */
export const acmeSecret = "acme-secret-5f0e7c1b9a";

/** How {@link acme} signs. */
export interface AcmeOptions {
  readonly id?: string;
  /** Unix seconds, or any other text. Default: now. */
  readonly time?: string;
  readonly secret?: string | Uint8Array;
}

const acmeContent = "{header:x-acme-id}.{timestamp}.{body}";

/** HMAC-SHA256 in hex over the id, the time and the body. The id and the time stand in headers. */
export const acme = {
  name: "HMAC",
  provider: acmeProvider(acmeSecret),
  signatureHeader: "x-acme-signature",
  event: ({ id = randomUUID(), type = "order.paid" }: EventToSign = {}) =>
    signAcme(JSON.stringify({ type, note: "a body like any other" }), { id }),
  sign: signAcme,
} satisfies Signer & { sign(body: string | Uint8Array, options?: AcmeOptions): SignedRequest };

/** The provider of {@link acme}, with any secrets. */
export function acmeProvider(secrets: HmacOptions["secrets"]): Provider {
  return {
    name: "acme",
    scheme: hmac({
      header: "x-acme-signature",
      encoding: "hex",
      prefix: "sha256=",
      content: acmeContent,
      timestamp: { header: "x-acme-time" },
      secrets,
      refreshCooldownMs: 0,
    }),
    body: "json",
    maxBodyBytes: 1024 * 1024,
    retryHorizonMs: 86_400_000,
    describe: (body, delivery) => ({ id: delivery.header("x-acme-id"), type: body["type"], payload: body }),
  };
}

function signAcme(body: string | Uint8Array, options: AcmeOptions = {}): SignedRequest {
  const { id = randomUUID(), time = String(Math.floor(Date.now() / 1000)), secret = acmeSecret } = options;
  const bytes = Buffer.from(body);
  const signature = createHmac("sha256", secret).update(`${id}.${time}.`).update(bytes).digest("hex");
  const headers = {
    "content-type": "application/json",
    "x-acme-id": id,
    "x-acme-time": time,
    "x-acme-signature": `sha256=${signature}`,
  };
  return { headers, body: bytes };
}

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** The public key of {@link chipSigner}, as PEM. */
export const chipPublicKey = publicKey.export({ type: "spki", format: "pem" }).toString();

/** CHIP: RSA over the body alone; everything that identifies the event stands in the body. */
export const chipSigner: Signer = {
  name: "CHIP",
  provider: chip({ publicKey: chipPublicKey }),
  signatureHeader: "x-signature",
  event: ({ id = randomUUID(), type = "purchase.viewed" } = {}) =>
    signChip(JSON.stringify({ id, type: "purchase", event_type: type, updated_on: 1_790_000_000 })),
  sign: signChip,
};

function signChip(body: string | Uint8Array): SignedRequest {
  const bytes = Buffer.from(body);
  const signature = sign("sha256", bytes, privateKey).toString("base64");
  return { headers: { "content-type": "application/json", "x-signature": signature }, body: bytes };
}

/** An HMAC and a public-key platform: attacks on verification go through both. */
export const signers: readonly Signer[] = [acme, chipSigner];
