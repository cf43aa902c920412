import type { KeyObject } from "node:crypto";

import type { Delivery } from "../../delivery.ts";
import type { Diagnosis } from "../../diagnosis.ts";
import { RejectedError } from "../../errors.ts";
import { assertContentDigest } from "../message-signature/content-digest.ts";
import { maxLabels, readLabelled, readSignature } from "../message-signature/signature-input.ts";
import { readDictionary } from "../message-signature/structured-field.ts";
import { signatureBase, verifyMessage } from "../message-signature/verify-message.ts";
import type { MessageSettings } from "../message-signature/verify-message.ts";
import { bodyTrials } from "./body-trials.ts";
import { changedDelivery } from "./changed-delivery.ts";
import { headerOf } from "./delivery-texts.ts";
import { explainMissing } from "./explain-missing.ts";
import { maxTriedBytes, tooLarge } from "./explain-signature.ts";
import { clockSkew } from "./explain-time.ts";
import { checkOf, messageTrials } from "./message-trials.ts";
import { maxKeysTried } from "./trial.ts";

/** What is needed of a scheme with an HTTP message signature. */
export interface MessageInsight {
  readonly headers: readonly string[];
  readonly settings: MessageSettings;
  /** Those at hand: no source is asked. */
  readonly keys: readonly KeyObject[];
}

/** Why a signed message is refused; `undefined` when it is not. */
export async function explainMessage(
  delivery: Delivery,
  insight: MessageInsight,
  nowMs: number,
): Promise<Diagnosis | undefined> {
  const missing = insight.headers.find((name) => headerOf(delivery, name) === "");
  if (missing !== undefined) return explainHeader(delivery, missing, insight.headers);
  const keys = insight.keys.slice(0, maxKeysTried);
  const settings = { ...insight.settings, isSigned: checkOf(keys, insight.settings.wanted.algorithm) };
  const refusal = await refusalOf(delivery, settings, nowMs);
  if (refusal === undefined) return undefined;
  if (refusal.code === "ERR_TIMESTAMP_STALE") return explainStale(delivery, settings, nowMs);
  const good = await findGood(delivery, settings, nowMs);
  if (good && refusal.code === "ERR_SIGNATURE_MALFORMED") return explainInput(refusal);
  if (good) return explainDigest(delivery);
  for (const { cause, message, change, ...changes } of messageTrials(delivery, settings, keys)) {
    const tried = change === undefined ? delivery : changedDelivery(delivery, change);
    const found = await refusalOf(tried, { ...settings, ...changes }, nowMs);
    if (found === undefined || found.code === "ERR_TIMESTAMP_STALE") return { cause, message };
  }
  return { cause: "unknown", message: describeTried(refusal) };
}

function explainHeader(delivery: Delivery, missing: string, expected: readonly string[]): Diagnosis {
  if (missing === "signature-input" && /(?:^|[\s,])keyId="/.test(headerOf(delivery, "signature"))) {
    const message =
      "The header signature-input is missing, and signature is written as in the drafts before RFC 9421 (keyId=, " +
      "headers=). Ask the platform for signatures by RFC 9421; this scheme cannot check the older ones.";
    return { cause: "unknown", message };
  }
  return explainMissing(delivery, missing, expected);
}

/** Whether any of the signatures is right over what it covers, whatever it says of itself. */
async function findGood(delivery: Delivery, settings: MessageSettings, nowMs: number): Promise<boolean> {
  try {
    const [inputs, signatures] = [readDictionary(delivery, "signature-input"), readDictionary(delivery, "signature")];
    const { label } = settings.wanted;
    for (const name of [...(label === undefined ? [] : [label]), ...inputs.keys()].slice(0, maxLabels)) {
      const found = readLabelled(inputs.get(name), signatures.get(name));
      if (typeof found === "string") continue;
      const base = signatureBase(delivery, found, settings.publicUrl);
      if (await settings.isSigned(base, found.signature, nowMs)) return true;
    }
    return false;
  } catch (cause) {
    if (cause instanceof RejectedError) return false;
    throw cause;
  }
}

function explainInput({ message: why }: RejectedError): Diagnosis {
  const isKey = why.includes("keyid");
  const message =
    `A configured key made the signature over what it covers, but it is not one that is wanted: ${why} Have the platform ` +
    `sign what is asked for, or change ${isKey ? "keyId" : "components, label, tag or publicUrl"} if that is meant.`;
  return { cause: isKey ? "key-id" : "signature-input", message };
}

/** The signature is right, and with it the header content-digest. */
function explainDigest(delivery: Delivery): Diagnosis | undefined {
  // An empty body may be one that was refused unread.
  if (delivery.body.length === 0) return undefined;
  const start = "The signature is good, but the body is not the one that its content-digest names";
  if (delivery.body.length > maxTriedBytes) return { cause: "unknown", message: `${start}. ${tooLarge}` };
  for (const { cause, message, change } of bodyTrials(delivery.body)) {
    if (change !== undefined && isDigestGood(changedDelivery(delivery, change))) return { cause, message };
  }
  const message =
    `${start}, nor is it with other line breaks, a byte order mark, decoded from base64 or written anew. Something else ` +
    "changed the body, such as a proxy that compresses or rewrites it.";
  return { cause: "unknown", message };
}

function isDigestGood(delivery: Delivery): boolean {
  try {
    assertContentDigest(delivery);
    return true;
  } catch (cause) {
    if (cause instanceof RejectedError) return false;
    throw cause;
  }
}

function explainStale(delivery: Delivery, settings: MessageSettings, nowMs: number): Diagnosis {
  const { createdMs, expiresMs } = readSignature(delivery, settings.wanted);
  const { maxAgeMs, toleranceMs } = settings;
  const ageMs = nowMs - createdMs;
  if (ageMs >= -toleranceMs && ageMs <= maxAgeMs + toleranceMs && expiresMs !== undefined) {
    return clockSkew("The signature is good, but its expires", expiresMs - nowMs, toleranceMs);
  }
  return clockSkew("The signature is good, but its created", -ageMs, ageMs < 0 ? toleranceMs : maxAgeMs + toleranceMs);
}

function describeTried({ code, message }: RejectedError): string {
  return (
    `${code}: ${message} Tried without success: the signature in other spellings, other algorithms, secrets copied ` +
    "wrongly, and other schemes, hosts and paths. If a proxy cuts a prefix off the path and does not say which, that is " +
    "not found. Else the key is most likely another, or somebody else sent it."
  );
}

async function refusalOf(
  delivery: Delivery,
  settings: MessageSettings,
  nowMs: number,
): Promise<RejectedError | undefined> {
  try {
    await verifyMessage(delivery, settings, nowMs);
    return undefined;
  } catch (cause) {
    if (cause instanceof RejectedError) return cause;
    throw cause;
  }
}
