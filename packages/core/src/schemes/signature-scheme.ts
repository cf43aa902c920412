import { ConfigError, RejectedError } from "../errors.ts";
import type { Scheme } from "../scheme.ts";
import type { SignatureOptions } from "./options.ts";
import { readSignature } from "./signature-header.ts";
import { compileContent } from "./signed-content.ts";
import { assertFresh, defaultToleranceMs } from "./timestamp.ts";

/** Whether a signature over the parts of a content is good under any of the keys. */
type Check = (
  signature: Uint8Array,
  content: readonly (string | Uint8Array)[],
  nowMs: number,
) => boolean | Promise<boolean>;

/** What every scheme with a signature in a header does: read it, check it over the signed content, then the time. */
export function signatureScheme(options: SignatureOptions, check: Check): Scheme {
  const { timestamp } = options;
  assertOptions(options);
  const content = compileContent(options);
  const header = options.header.toLowerCase();
  const place = { header, encoding: options.encoding, prefix: options.prefix };

  return {
    headers: [...new Set([header, ...content.headers])],
    ...(timestamp === undefined ? undefined : { toleranceMs: timestamp.toleranceMs ?? defaultToleranceMs }),
    verify(delivery, nowMs) {
      const conclude = (isGood: boolean): Uint8Array => {
        if (!isGood) throw mismatch(header);
        if (timestamp !== undefined) assertFresh(delivery, timestamp, nowMs);
        return delivery.body;
      };
      const isGood = check(readSignature(delivery, place), content.read(delivery), nowMs);
      return typeof isGood === "boolean" ? conclude(isGood) : isGood.then(conclude);
    },
  };
}

function assertOptions(options: SignatureOptions): void {
  const { header, encoding, prefix = "", content = "", timestamp, cacheMs = 0, refreshCooldownMs = 0 } = options;
  assertOption(isHeaderName(header), "header", "the name of a header");
  assertOption(["hex", "base64", "base64url"].includes(encoding), "encoding", '"hex", "base64" or "base64url"');
  assertOption(typeof prefix === "string", "prefix", "a string");
  assertOption(typeof content === "string", "content", "a template such as {timestamp}.{body}");
  assertOption(cacheMs >= 0, "cacheMs", "0 or more milliseconds");
  assertOption(refreshCooldownMs >= 0, "refreshCooldownMs", "0 or more milliseconds");
  if (timestamp === undefined) return;
  const { unit = "seconds", toleranceMs = defaultToleranceMs } = timestamp;
  assertOption(isHeaderName(timestamp.header), "timestamp.header", "the name of a header");
  assertOption(["seconds", "milliseconds"].includes(unit), "timestamp.unit", '"seconds" or "milliseconds"');
  assertOption(Number.isFinite(toleranceMs) && toleranceMs > 0, "timestamp.toleranceMs", "a number above 0");
}

function isHeaderName(name: unknown): boolean {
  return typeof name === "string" && /^[\w-]+$/.test(name);
}

function assertOption(isGood: boolean, name: string, wanted: string): void {
  if (!isGood) throw new ConfigError("ERR_OPTION_INVALID", `In a scheme's options, ${name} must be ${wanted}.`);
}

function mismatch(header: string): RejectedError {
  return new RejectedError("ERR_SIGNATURE_MISMATCH", `The signature in ${header} fits none of the configured keys.`, {
    help:
      "Either somebody else sent it, or the key belongs to another endpoint or mode, " +
      "or something between the platform and Hooklatch changed the body.",
  });
}
