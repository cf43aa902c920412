import type { Delivery } from "../../delivery.ts";
import type { Diagnosis } from "../../diagnosis.ts";
import { RejectedError } from "../../errors.ts";
import { jwtAlgorithms } from "../jwt/algorithms.ts";
import type { JwtAlgorithm } from "../jwt/algorithms.ts";
import type { ReadyJwtKey } from "../jwt/key.ts";
import { readToken } from "../jwt/token.ts";
import type { JwtToken } from "../jwt/token.ts";
import { verifyToken } from "../jwt/verify-token.ts";
import { changedDelivery } from "./changed-delivery.ts";
import { deliveryTexts, headerOf } from "./delivery-texts.ts";
import { explainClaims } from "./explain-claims.ts";
import { explainMissing } from "./explain-missing.ts";
import { explainForeignToken } from "./explain-token-key.ts";
import type { JwtInsight } from "./jwt-insight.ts";
import { maxKeysTried } from "./trial.ts";

/** Why a token is refused; `undefined` when it is not. What a token says is told only once its signature is proven. */
export async function explainJwt(
  delivery: Delivery,
  insight: JwtInsight,
  nowMs: number,
): Promise<Diagnosis | undefined> {
  const { place, keys } = insight;
  const refuse = (tried: Delivery): Promise<RejectedError | undefined> =>
    refusalOf(insight.verify(tried, keys.slice(0, maxKeysTried), nowMs));
  if (headerOf(delivery, place.header) === "") {
    return (await explainPlace(delivery, place, refuse)) ?? explainMissing(delivery, place.header);
  }
  const refusal = await refuse(delivery);
  if (refusal === undefined) return undefined;
  const token = readAnyToken(delivery, place);
  if (token === undefined) {
    const found = (await explainPrefix(delivery, place, refuse)) ?? (await explainPlace(delivery, place, refuse));
    return found ?? { cause: "unknown", message: `${refusal.code}: ${refusal.message}` };
  }
  const signer = await signerOf(token, insight, nowMs);
  if (signer === undefined) return explainForeignToken(token, insight, nowMs);
  return (
    explainSigner(token, signer, insight) ?? explainClaims(delivery, { token, key: signer.key, ...insight }, nowMs)
  );
}

/** A token as `readToken` takes it, made by whichever algorithm. */
function readAnyToken(delivery: Delivery, place: JwtInsight["place"]): JwtToken | undefined {
  try {
    // The keys of an object that is typed by them.
    return readToken(delivery, place, Object.keys(jwtAlgorithms) as JwtAlgorithm[]);
  } catch (cause) {
    if (cause instanceof RejectedError) return undefined;
    throw cause;
  }
}

const nothingExpected = { issuer: false, audience: false, toleranceMs: 0 } as const;

/** The key that signed it, whatever the token's `kid` is and whatever the key is pinned to. */
async function signerOf(token: JwtToken, { keys }: JwtInsight, nowMs: number): Promise<ReadyJwtKey | undefined> {
  for (const ready of keys.slice(0, maxKeysTried)) {
    if (!jwtAlgorithms[token.algorithm](ready.key)) continue;
    try {
      if ((await verifyToken(token, ready.key, nothingExpected, nowMs)) !== undefined) return ready;
    } catch (cause) {
      // Refused for what it says, which is looked at only once the signature is right.
      if (cause instanceof RejectedError) return ready;
      throw cause;
    }
  }
  return undefined;
}

function explainSigner(
  { algorithm, kid }: JwtToken,
  signer: ReadyJwtKey,
  { options }: JwtInsight,
): Diagnosis | undefined {
  if (!options.algorithms.includes(algorithm)) {
    const message =
      `The token is signed with ${algorithm} and by a configured key, but only ${options.algorithms.join(", ")} may be ` +
      "used. If the platform's documentation says so, set algorithms to it.";
    return { cause: "signature-algorithm", message };
  }
  if (!signer.algorithms.includes(algorithm)) {
    const message =
      `The token is signed with ${algorithm} and by a configured key, but the alg of that key's JWK is another. Give the ` +
      "key without alg, or with the right one.";
    return { cause: "signature-algorithm", message };
  }
  if (kid === undefined || signer.kid === undefined || kid === signer.kid) return undefined;
  const message =
    "A configured key signed the token, but the token names another kid than that key has. Give the key the kid that the " +
    "platform uses, or none.";
  return { cause: "key-id", message };
}

type Refuse = (tried: Delivery) => Promise<RejectedError | undefined>;

/** Fresh or not: an old token has a cause, too. */
function isProven(refusal: RejectedError | undefined): boolean {
  return refusal === undefined || refusal.code === "ERR_TIMESTAMP_STALE";
}

async function explainPrefix(
  delivery: Delivery,
  { header, prefix }: JwtInsight["place"],
  refuse: Refuse,
): Promise<Diagnosis | undefined> {
  const token = bareToken(headerOf(delivery, header));
  if (token === undefined) return undefined;
  const tried = changedDelivery(delivery, { header: [header, prefix + token] });
  if (!isProven(await refuse(tried))) return undefined;
  const wanted = prefix === "" ? "nothing" : JSON.stringify(prefix);
  const message =
    `The token in ${header} is good, but what stands around it is not what is configured: ${wanted} before it, and ` +
    "nothing else. Set prefix to what the platform sends.";
  return { cause: "signature-prefix", message };
}

/** A header or parameter with a token that would pass. */
async function explainPlace(
  delivery: Delivery,
  { header, prefix }: JwtInsight["place"],
  refuse: Refuse,
): Promise<Diagnosis | undefined> {
  let triesLeft = 5;
  for (const { text, where, header: name } of deliveryTexts(delivery)) {
    const token = name === header ? undefined : bareToken(text);
    if (token === undefined || triesLeft-- <= 0) continue;
    if (!isProven(await refuse(changedDelivery(delivery, { header: [header, prefix + token] })))) continue;
    const message =
      `The header ${header} carries no token, but ${where} carries one that is good. If the platform sends it there, set ` +
      "the options header and prefix to it (a query cannot be set); else have the proxy leave it in its place.";
    return { cause: "other-place", message };
  }
  return undefined;
}

/** Three parts in base64url, wherever they stand in a header. */
function bareToken(text: string): string | undefined {
  return /^(?:[\w-]{1,20}[ :=]+){0,2}["']?(e[\w-]+\.[\w-]+\.[\w-]+)["']?$/i.exec(text.trim())?.[1];
}

async function refusalOf(work: Promise<unknown>): Promise<RejectedError | undefined> {
  try {
    await work;
    return undefined;
  } catch (cause) {
    if (cause instanceof RejectedError) return cause;
    throw cause;
  }
}
