import { constants, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

import type { BodyObject, Delivery, Scheme } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

import { explainSns } from "./explain-sns.ts";
import { parseStrictly } from "./parse-strictly.ts";
import { malformed, readMessage } from "./read-message.ts";
import type { SignedMessage } from "./read-message.ts";
import { printableArn } from "./read-topics.ts";
import type { Topic } from "./read-topics.ts";

/** How a topic signs: `1` with SHA-1, `2` with SHA-256. */
export type SignatureVersion = "1" | "2";

interface SnsSchemeOptions {
  readonly topics: ReadonlyMap<string, Topic>;
  readonly signatureVersions: readonly SignatureVersion[];
  readonly toleranceMs: number;
  /** The key at an address that was found to be AWS's. */
  readonly keyFor: (url: string, nowMs: number) => Promise<KeyObject>;
  /** The key at an address, if it was fetched already. */
  readonly knownKey: (url: string) => KeyObject | undefined;
}

const hashes = { "1": "sha1", "2": "sha256" } as const satisfies Record<SignatureVersion, string>;

/**
 * The signature of SNS: RSA (PKCS#1 v1.5) over some of the fields of the body, by a certificate that the message names.
 * Everything a stranger can write is checked before anything is fetched.
 */
export function snsScheme(options: SnsSchemeOptions): Scheme {
  return {
    // Not signed and never read. But SNS always sends it, so that other requests cost no memory.
    headers: ["x-amz-sns-message-type"],
    toleranceMs: options.toleranceMs,
    async verify(delivery, nowMs) {
      refuseRawDelivery(delivery);
      const body = parseStrictly(delivery.body);
      const { hash, signature, certificateUrl } = readProof(body, options);
      const message = readMessage(body);
      const topic = findTopic(message, options);
      assertCertificateUrl(certificateUrl, topic);
      assertSubscribeUrl(message, topic);
      assertFresh(message, options, nowMs);
      const key = { key: await options.keyFor(certificateUrl, nowMs), padding: constants.RSA_PKCS1_PADDING };
      if (verify(hash, Buffer.from(message.text), key, signature)) return delivery.body;
      throw new RejectedError(
        "ERR_SIGNATURE_MISMATCH",
        "The signature does not fit the message and AWS's certificate.",
      );
    },
    explain: async (delivery) => explainSns(delivery, options),
  };
}

function refuseRawDelivery(delivery: Delivery): void {
  if (delivery.header("x-amz-sns-rawdelivery")?.toLowerCase() !== "true") return;
  throw new RejectedError("ERR_SIGNATURE_MISSING", "SNS signs nothing where raw message delivery is on.", {
    help: "Turn off raw message delivery in the settings of the subscription.",
  });
}

function readProof(body: BodyObject, { signatureVersions }: SnsSchemeOptions) {
  const { Signature: signature, SignatureVersion: given, SigningCertURL: certificateUrl } = body;
  if (typeof signature !== "string" || typeof given !== "string" || typeof certificateUrl !== "string") {
    throw new RejectedError(
      "ERR_SIGNATURE_MISSING",
      "Signature, SignatureVersion or SigningCertURL is missing in the body.",
    );
  }
  const version = signatureVersions.find((accepted) => accepted === given);
  if (version === undefined) {
    throw malformed(
      `SignatureVersion is not one that is accepted (${signatureVersions.join(", ")})`,
      "Set the attribute SignatureVersion of the topic to 2. To accept SHA-1 too: signatureVersions: ['1', '2'].",
    );
  }
  const bytes = Buffer.from(signature, "base64");
  // Base64 has several spellings of the same bytes; AWS writes one of them. RSA of 2,048 to 4,096 bits.
  if (bytes.length < 256 || bytes.length > 512 || bytes.toString("base64") !== signature) {
    throw malformed("Signature is not an RSA signature in base64 with padding");
  }
  return { hash: hashes[version], signature: bytes, certificateUrl };
}

function findTopic({ topicArn }: SignedMessage, { topics }: SnsSchemeOptions): Topic {
  const topic = topics.get(topicArn);
  if (topic !== undefined) return topic;
  throw new RejectedError("ERR_SOURCE_NOT_ALLOWED", `The message is of another topic: ${printableArn(topicArn)}.`, {
    help: "If it is one of yours, add it to topics. AWS signs messages of everybody's topics alike.",
  });
}

/** Compared as text: what does not have to be parsed cannot be parsed in two ways. */
function assertCertificateUrl(url: string, { host }: Topic): void {
  const start = `https://${host}/`;
  if (url.startsWith(start) && /^SimpleNotificationService-[A-Za-z0-9]{32}\.pem$/.test(url.slice(start.length))) return;
  throw malformed("SigningCertURL does not lead to a certificate of SNS in the topic's region");
}

/** It is signed, but a handler may fetch it. */
function assertSubscribeUrl({ fields }: SignedMessage, { host }: Topic): void {
  const { SubscribeURL: url } = fields;
  if (url === undefined || (url.startsWith(`https://${host}/?`) && /^[!-~]+$/.test(url))) return;
  throw malformed("SubscribeURL does not lead to SNS in the topic's region");
}

function assertFresh({ timestampMs }: SignedMessage, { toleranceMs }: SnsSchemeOptions, nowMs: number): void {
  // Written so that a clock that answers NaN lets nothing through.
  if (Math.abs(timestampMs - nowMs) <= toleranceMs) return;
  const when = timestampMs < nowMs ? "too long ago" : "in the future";
  throw new RejectedError("ERR_TIMESTAMP_STALE", `The message was published ${when} on this machine's clock.`, {
    help: "If this is not an old message sent again, compare the machine's clock with a time server.",
  });
}
