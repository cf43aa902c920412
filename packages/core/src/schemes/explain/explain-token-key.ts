import type { Diagnosis } from "../../diagnosis.ts";
import { printable } from "../../printable.ts";
import type { JwtToken } from "../jwt/token.ts";
import type { JwtInsight } from "./jwt-insight.ts";

/** What to say of a token that no key at hand signed. Its head is a stranger's text: nothing in it is proven. */
export function explainForeignToken(token: JwtToken, insight: JwtInsight, nowMs: number): Diagnosis {
  const { options, keys } = insight;
  const { algorithm, kid } = token;
  const source = describeSource(insight, nowMs);
  if (!options.algorithms.includes(algorithm)) {
    const message =
      `The token says that it is signed with ${algorithm}; only ${options.algorithms.join(", ")} may be used, and no key ` +
      `at hand proves it. If the platform's documentation names ${algorithm}, add it to algorithms, with its key. ${source}`;
    return { cause: "algorithm-claimed", message };
  }
  const isNamed = kid !== undefined && keys.length > 0 && keys.every((key) => key.kid !== undefined);
  if (isNamed && keys.every((key) => key.kid !== kid)) {
    const message =
      `The token names the kid ${JSON.stringify(printable(kid, 60))}, and none of the ${keys.length} keys at hand has it. ` +
      `${source} Either the platform has just changed its key, or these are the keys of another account or environment, ` +
      "or somebody else made the token.";
    return { cause: "key-unknown", message };
  }
  const message =
    `ERR_SIGNATURE_MISMATCH: The token is signed by none of the ${keys.length} keys at hand, whatever kid it names. ` +
    `${source} Most likely the keys are those of another account or environment, or somebody else made it.`;
  return { cause: "unknown", message };
}

function describeSource({ resolvedAtMs }: JwtInsight, nowMs: number): string {
  if (resolvedAtMs === undefined) return "The keys are those given at start-up.";
  const seconds = Math.max(0, Math.round((nowMs - resolvedAtMs) / 1000));
  return `The keys were last fetched ${seconds} s before this refusal, and not for this answer.`;
}
