import { createHash, timingSafeEqual } from "node:crypto";
import type { KeyObject } from "node:crypto";

import type { Delivery } from "../../delivery.ts";
import type { Diagnosis, DiagnosisCause } from "../../diagnosis.ts";
import { describePlace } from "../secret-place.ts";
import type { SharedSecretPlace } from "../secret-place.ts";
import { decodePercent, deliveryTexts, headerOf } from "./delivery-texts.ts";
import { explainMissing } from "./explain-missing.ts";
import { secretsFitting } from "./secret-trials.ts";
import { maxKeysTried } from "./trial.ts";

/** What is needed of a scheme with a shared secret. */
export interface SharedSecretInsight {
  readonly place: SharedSecretPlace;
  /** Those at hand: no source is asked. */
  readonly secrets: readonly KeyObject[];
  /** What stands in the place; `undefined` when nothing does. */
  readonly given: string | undefined;
}

/** Whether a text is a secret. Compares digests in constant time, as the scheme does. */
type Fits = (text: string | Uint8Array) => boolean;

/** Why a shared secret is refused; `undefined` when it is not. Tells no part of it, nor of what came in its place. */
export function explainSharedSecret(delivery: Delivery, insight: SharedSecretInsight): Diagnosis | undefined {
  const { place, given } = insight;
  const secrets = insight.secrets.slice(0, maxKeysTried);
  const fits = createFits(secrets.map((secret) => secret.export()));
  if (given !== undefined && fits(given)) return undefined;
  return (
    (given === undefined ? undefined : explainGiven(given, secrets, fits)) ??
    explainPlace(delivery, place, fits) ??
    (given === undefined ? explainNothing(delivery, place) : describeTried(place))
  );
}

function createFits(secrets: readonly Uint8Array[]): Fits {
  const digests = secrets.map(digest);
  return (text) => {
    const found = digest(text);
    return digests.filter((known) => timingSafeEqual(known, found)).length > 0;
  };
}

function explainGiven(given: string, secrets: readonly KeyObject[], fits: Fits): Diagnosis | undefined {
  for (const [cause, what, text] of respelled(given)) {
    if (text !== given && text !== "" && fits(text)) {
      const message =
        `The secret that came is the configured one, but ${what}. Set it anew where the platform keeps it, or ` +
        "configure it as it is sent.";
      return { cause, message };
    }
  }
  const isGiven = createFits([Buffer.from(given, "utf8")]);
  for (const { cause, message, bytes } of secrets.flatMap((one) => secretsFitting(one, "The secret that came"))) {
    if (isGiven(bytes)) return { cause, message };
  }
  const lower = createFits(secrets.map((secret) => Buffer.from(secret.export().toString("utf8").toLowerCase())));
  if (!lower(given.toLowerCase())) return undefined;
  return {
    cause: "secret-case",
    message:
      "The secret that came is the configured one but for capital and small letters. Something changes them on the way, " +
      "or where the secret is read; a secret must be the same in every letter.",
  };
}

/** What a platform or a proxy may have made of a secret. */
function respelled(given: string): readonly (readonly [cause: DiagnosisCause, what: string, text: string])[] {
  const quoted = /^(["'`])(.+)\1$/s.exec(given.trim())?.[2] ?? "";
  const bare = given.replaceAll(/\\[nr]/g, "");
  return [
    ["secret-white-space", "with white space around it", given.trim()],
    ["secret-quoted", "in quotes", quoted],
    ["secret-escaped-newlines", String.raw`with a literal \n`, bare],
    ["secret-encoding", "percent-encoded once too often", decodePercent(given)],
    ["secret-encoding", "with its percent signs decoded once too often", encodeURIComponent(given)],
    ["secret-encoding", "with a blank for each +", given.replaceAll(" ", "+")],
    ["secret-encoding", "with a + for each blank", given.replaceAll("+", " ")],
    ["secret-encoding", "in other bytes than UTF-8", respellLatin1(given)],
  ];
}

/** UTF-8 that was read a character to a byte. */
function respellLatin1(given: string): string {
  return !/[^\u0020-\u00ff]/.test(given) ? Buffer.from(given, "latin1").toString("utf8") : "";
}

const authentication = /^(?:bearer|basic|token|apikey)[ :=]+/i;

function explainPlace(delivery: Delivery, place: SharedSecretPlace, fits: Fits): Diagnosis | undefined {
  const own = place.in === "header" ? place.name.toLowerCase() : place.in === "basic" ? "authorization" : "";
  for (const { text, where, header } of deliveryTexts(delivery)) {
    const behind = text.replace(authentication, "").trim();
    const prefix = place.in === "header" ? (place.prefix ?? "") : "";
    const isPrefixed = prefix !== "" && text.toLowerCase().startsWith(prefix.toLowerCase());
    const rest = isPrefixed ? text.slice(prefix.length).trim() : behind;
    const found = [text, behind, rest].some(fits)
      ? "as it is"
      : fits(Buffer.from(behind, "base64"))
        ? "in base64"
        : undefined;
    if (found === undefined) continue;
    if (header === own) return explainPrefix(place, found);
    const message =
      `The right secret came in ${where}, ${found}, and is expected in the ${describePlace(place)}, ` +
      "once. Configure where the platform puts it (in and name), or have the proxy leave it in its place.";
    return { cause: "other-place", message };
  }
  return undefined;
}

function explainPrefix(place: SharedSecretPlace, found: string): Diagnosis {
  if (place.in === "basic") {
    const message =
      `The right secret came in the header authorization, but ${found} and not as Basic authentication. Either ` +
      'the platform is set up otherwise, or set in to "header".';
    return { cause: "other-place", message };
  }
  const prefix = place.in === "header" ? (place.prefix ?? "") : "";
  const wanted = prefix === "" ? "nothing is configured" : `${JSON.stringify(prefix)} is configured, in these letters`;
  return {
    cause: "signature-prefix",
    message:
      `The right secret came in the ${describePlace(place)}, ${found}, but what stands before it is not what the options ` +
      `say: ${wanted}. Set prefix to what the platform sends.`,
  };
}

function explainNothing(delivery: Delivery, place: SharedSecretPlace): Diagnosis {
  const header = place.in === "header" ? place.name.toLowerCase() : "authorization";
  if ((place.in === "header" || place.in === "basic") && headerOf(delivery, header) === "") {
    return explainMissing(delivery, header);
  }
  const message =
    `There is no secret in the ${describePlace(place)}, where it must stand exactly once, and the right one stands ` +
    "nowhere else in the request. Compare the address and the secret that the platform was given; or it is somebody " +
    "else's request.";
  return { cause: "unknown", message };
}

function describeTried(place: SharedSecretPlace): Diagnosis {
  const message =
    `ERR_SIGNATURE_MISMATCH: The secret in the ${describePlace(place)} is none of the configured ones. Tried without ` +
    "success: white space, quotes, line breaks, other encodings and letters, and other places of the request. Most " +
    "likely it was changed on one side only, belongs to another endpoint, or somebody else sent it.";
  return { cause: "unknown", message };
}

function digest(text: string | Uint8Array): Uint8Array {
  return createHash("sha256").update(text).digest();
}
