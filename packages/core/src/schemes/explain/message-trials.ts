import { constants, createSecretKey, verify } from "node:crypto";
import type { KeyObject, SigningOptions } from "node:crypto";

import type { Delivery } from "../../delivery.ts";
import type { DiagnosisCause } from "../../diagnosis.ts";
import { messageSignatureAlgorithms } from "../message-signature/algorithms.ts";
import type { MessageSignatureAlgorithm } from "../message-signature/algorithms.ts";
import type { MessageSettings } from "../message-signature/verify-message.ts";
import type { DeliveryChange } from "./changed-delivery.ts";
import { headerOf } from "./delivery-texts.ts";
import { otherAlgorithm } from "./other-keys.ts";
import { meantSecrets } from "./secret-trials.ts";
import { otherUrls } from "./url-trials.ts";

/** Something that may be wrong, with what is to be put in its place. */
export interface MessageTrial extends Partial<Pick<MessageSettings, "isSigned" | "publicUrl" | "wanted">> {
  readonly cause: DiagnosisCause;
  readonly message: string;
  readonly change?: DeliveryChange;
}

/** The check with keys that are at hand. */
export function checkOf(keys: readonly KeyObject[], algorithm: MessageSignatureAlgorithm): MessageSettings["isSigned"] {
  const { verify: fits } = messageSignatureAlgorithms[algorithm];
  return (base, signature) => keys.some((key) => fits(base, key, signature));
}

/** What may be wrong with a signature that fits no key. */
export function* messageTrials(
  delivery: Delivery,
  settings: MessageSettings,
  keys: readonly KeyObject[],
): Generator<MessageTrial, void, undefined> {
  yield* spellings(delivery);
  yield* otherUrls(delivery, settings.publicUrl);
  yield* algorithms(settings, keys);
  if (settings.wanted.algorithm !== "hmac-sha256") return;
  for (const { cause, message, bytes } of keys.flatMap((key) => meantSecrets(key))) {
    // An empty secret signs as one of zeros does, and anybody can.
    if (bytes.every((byte) => byte === 0)) continue;
    yield { cause, message, isSigned: checkOf([createSecretKey(bytes)], "hmac-sha256") };
  }
}

/** One signature that is written in another way than `label=:base64:`. */
function* spellings(delivery: Delivery): Generator<MessageTrial, void, undefined> {
  const [, label, text] = /^([a-z*][\w.*-]{0,60})=["':]{0,2}([\w+/-]{20,4000}={0,2})["':]{0,2}$/.exec(
    headerOf(delivery, "signature").trim(),
  ) ?? ["", "", ""];
  if (label === undefined || text === undefined || text === "") return;
  const isHex = /^(?:[\da-f]{2})+$/i.test(text);
  for (const encoding of [...(isHex ? (["hex"] as const) : []), "base64" as const]) {
    const written = `${label}=:${Buffer.from(text, encoding).toString("base64")}:`;
    const message =
      `The signature is good, but written as ${encoding === "hex" ? "hex" : "base64 of another kind, or without its colons"}. ` +
      "RFC 9421 has base64 with padding between colons. The platform must mend that, or whatever rewrites the header.";
    yield { cause: "signature-encoding", message, change: { header: ["signature", written] } };
  }
}

/** The same keys with whatever else they can sign by. */
function* algorithms(
  { wanted }: MessageSettings,
  keys: readonly KeyObject[],
): Generator<MessageTrial, void, undefined> {
  const rsa = (options: SigningOptions) => ({ type: "rsa", options });
  const ec = (options: SigningOptions) => ({ type: "ec", options });
  const [pss, pkcs1] = [constants.RSA_PKCS1_PSS_PADDING, constants.RSA_PKCS1_PADDING];
  const salts = { padding: pss, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
  for (const [name, hash, { type, options }] of [
    ["rsa-pss-sha512", "sha512", rsa({ padding: pss, saltLength: 64 })],
    ["rsa-v1_5-sha256", "sha256", rsa({ padding: pkcs1 })],
    ["RSA-PSS with SHA-512 and another length of salt", "sha512", rsa(salts)],
    ["RSA-PSS with SHA-256", "sha256", rsa(salts)],
    ["RSA PKCS#1 v1.5 with SHA-512", "sha512", rsa({ padding: pkcs1 })],
    ["ECDSA in the layout of DER, where RFC 9421 has r and s side by side", "sha256", ec({ dsaEncoding: "der" })],
  ] as const) {
    const fitting = keys.filter((key) => key.asymmetricKeyType === type);
    if (name === wanted.algorithm || fitting.length === 0) continue;
    // What `alg` says has the name of what it was really made with.
    const algorithm = Object.keys(messageSignatureAlgorithms).includes(name) ? { algorithm: name } : undefined;
    yield {
      ...otherAlgorithm(name),
      // The name was just found among the keys of an object that is typed by them.
      wanted: { ...wanted, ...(algorithm as Partial<Pick<typeof wanted, "algorithm">>) },
      isSigned: (base, signature) => fitting.some((key) => verify(hash, base, { key, ...options }, signature)),
    };
  }
}
