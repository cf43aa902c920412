import { createHash, generateKeyPairSync, sign } from "node:crypto";

import { expect } from "vitest";

import type { Delivery } from "../delivery.ts";
import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import type { Scheme } from "../scheme.ts";
import { httpMessageSignature } from "../schemes/http-message-signature.ts";
import type { HttpMessageSignatureOptions } from "../schemes/message-signature/options.ts";
import { refusalOf } from "./caught.ts";

/** When the messages of the tests are signed. */
export const created = 1_790_000_000;

/** The platform's own key pair. */
export const ed = generateKeyPairSync("ed25519");

/** The body of a message, with bytes that are no text. */
export const messageBody = Buffer.from('{"id": "evt_5",\r\n "note": "é"}\u00ff', "latin1");

/** The value of Content-Digest, as RFC 9530 writes it. */
export function contentDigest(body: Uint8Array, name = "sha-256", hash = "sha256"): string {
  return `${name}=:${createHash(hash).update(body).digest("base64")}:`;
}

/** A request before it becomes a delivery. */
export interface Message {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
}

/** What is signed: identifiers as they stand in the inner list, with the values as they stand in the signature base. */
export type Lines = Readonly<Record<string, string>>;

/** The lines that the tests' scheme asks for. */
export const lines: Lines = {
  '"@method"': "POST",
  '"@path"': "/hooks/orders",
  '"content-digest"': contentDigest(messageBody),
};

/** A message signed by hand, with Ed25519. */
export function signMessage(changes: SigningChanges = {}): Message {
  const { label = "sig1", parameters = `;created=${created}`, signed = lines } = changes;
  const covered = changes.covered ?? `(${Object.keys(signed).join(" ")})`;
  const base = Object.entries(signed).map(([identifier, value]) => `${identifier}: ${value}\n`);
  const content = `${base.join("")}"@signature-params": ${covered}${parameters}`;
  const signature = sign(null, Buffer.from(content, "latin1"), ed.privateKey).toString("base64");
  return {
    method: "POST",
    url: "/hooks/orders?tenant=7",
    headers: {
      "content-type": "application/json",
      "content-digest": contentDigest(messageBody),
      "signature-input": `${label}=${covered}${parameters}`,
      signature: `${label}=:${signature}:`,
      ...changes.headers,
    },
    body: messageBody,
  };
}

interface SigningChanges {
  readonly label?: string;
  /** What follows the list of components. */
  readonly parameters?: string;
  readonly signed?: Lines;
  /** The list of components where it is not the one that `signed` makes. */
  readonly covered?: string;
  readonly headers?: Message["headers"];
}

/** The scheme that messages signed by hand pass. */
export function messageScheme(options: Partial<HttpMessageSignatureOptions> = {}): Scheme {
  const components = ["@method", "@path", "content-digest"];
  // The two kinds of options differ in their keys alone, and a test that changes the algorithm changes the keys.
  const all = { algorithm: "ed25519", keys: ed.publicKey, components, ...options } as HttpMessageSignatureOptions;
  return httpMessageSignature(all);
}

/** The delivery that a message becomes. */
export function toMessageDelivery({ body, ...head }: Message): Delivery {
  return toDelivery(toIncomingDelivery({ ...head, body }), body, created * 1000);
}

/** How a scheme refuses a message; `nothing` when it answers with the proven bytes. */
export function outcomeOfMessage(
  message: Message,
  options: Partial<HttpMessageSignatureOptions> = {},
  nowMs = created * 1000,
): Promise<string> {
  const delivery = toMessageDelivery(message);
  return refusalOf(async () => expect(await messageScheme(options).verify(delivery, nowMs)).toBe(delivery.body));
}
