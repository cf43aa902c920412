import { constants, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

import type { Delivery, Diagnosis } from "@hooklatch/core";

import { parseStrictly } from "./parse-strictly.ts";
import { readMessage } from "./read-message.ts";

interface ExplainOptions {
  /** The key at an address, if it was fetched already: nothing is fetched to explain. */
  readonly knownKey: (url: string) => KeyObject | undefined;
}

interface Trial {
  readonly hash: "sha1" | "sha256";
  readonly text: string;
  readonly diagnosis: Diagnosis;
}

/**
 * Finds out why the signature of a message does not fit: it is tried again with one thing put right at a time.
 * `undefined` when none of them is it, or when the certificate is not at hand.
 */
export function explainSns(delivery: Delivery, { knownKey }: ExplainOptions): Diagnosis | undefined {
  const body = parseStrictly(delivery.body);
  const { Signature: signature, SigningCertURL: url, SignatureVersion: version } = body;
  const key = typeof url === "string" ? knownKey(url) : undefined;
  if (key === undefined || typeof signature !== "string") return undefined;
  const bytes = Buffer.from(signature, "base64");
  const { text, fields } = readMessage(body);
  const trials = trialsOf(text, fields["Message"] ?? "", version === "1" ? "sha1" : "sha256");
  const fitting = trials.find((trial) =>
    verify(trial.hash, Buffer.from(trial.text), { key, padding: constants.RSA_PKCS1_PADDING }, bytes),
  );
  return fitting?.diagnosis;
}

function trialsOf(text: string, message: string, hash: "sha1" | "sha256"): readonly Trial[] {
  const other = hash === "sha1" ? "sha256" : "sha1";
  // `Message` comes first in what is signed.
  const withMessage = (changed: string): string => text.replace(`Message\n${message}\n`, () => `Message\n${changed}\n`);
  const lines: Diagnosis = {
    cause: "body-line-endings",
    message:
      "The signature fits once the line breaks of Message are changed. Find what rewrites them between AWS and here.",
  };
  return [
    {
      hash: other,
      text,
      diagnosis: {
        cause: "signature-algorithm",
        message: `The signature fits with ${other === "sha1" ? "SHA-1" : "SHA-256"}: SignatureVersion was changed on the way.`,
      },
    },
    { hash, text: withMessage(message.replaceAll("\r\n", "\n")), diagnosis: lines },
    { hash, text: withMessage(message.replaceAll(/\r?\n/g, "\r\n")), diagnosis: lines },
    { hash, text: withMessage(message.replace(/\s+$/, "")), diagnosis: lines },
    { hash, text: withMessage(`${message}\n`), diagnosis: lines },
    ...respelled(message).map((changed) => ({
      hash,
      text: withMessage(changed),
      diagnosis: {
        cause: "body-reserialized" as const,
        message: "The signature fits Message with its JSON written otherwise. Find what parses and rewrites it.",
      },
    })),
  ];
}

/** A Message often is JSON itself, which something on the way may have written anew. */
function respelled(message: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(message);
    return [JSON.stringify(value), JSON.stringify(value, undefined, 2)];
  } catch {
    return [];
  }
}
