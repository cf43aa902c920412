import type { Scheme } from "@hooklatch/core";

/** The mode that a body claims, in a platform whose two modes sign with keys of their own. */
export type Mode = "live" | "test";

/** Larger bodies are not parsed for a hint. */
const maxReadBytes = 1024 * 1024;

/**
 * Adds to a diagnosis that found no cause which mode the body claims. The claim is proven by nothing, for the signature
 * fits no key; so the cause stays `unknown`, and the sentence says so. What is proven comes from `otherKeys`.
 */
export function withModeHint(scheme: Scheme, modeOf: (body: object) => Mode | undefined): Scheme {
  return {
    ...scheme,
    async explain(delivery, nowMs) {
      const found = await scheme.explain?.(delivery, nowMs);
      if (found?.cause !== "unknown" || delivery.body.length > maxReadBytes) return found;
      const mode = readMode(delivery.body, modeOf);
      if (mode === undefined) return found;
      const hint = `Not proven: the body claims ${mode} mode, which has a key of its own. Is the configured key of ${mode} mode?`;
      return { cause: found.cause, message: `${hint} ${found.message}` };
    },
  };
}

function readMode(bytes: Uint8Array, modeOf: (body: object) => Mode | undefined): Mode | undefined {
  try {
    const body: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof body === "object" && body !== null ? modeOf(body) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a mode off a field that is `true` in one of them and `false` in the other. */
export function modeByField(
  name: string,
  { whenTrue }: { readonly whenTrue: Mode },
): (body: object) => Mode | undefined {
  const whenFalse = whenTrue === "live" ? "test" : "live";
  return (body) => {
    const value: unknown = Object.hasOwn(body, name) ? Reflect.get(body, name) : undefined;
    if (value === true) return whenTrue;
    return value === false ? whenFalse : undefined;
  };
}
