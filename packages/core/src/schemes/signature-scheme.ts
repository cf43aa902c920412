import type { Delivery } from "../delivery.ts";
import { ConfigError, RejectedError } from "../errors.ts";
import type { Scheme } from "../scheme.ts";
import { explainSignature } from "./explain/explain-signature.ts";
import type { KeyInsight } from "./explain/trial.ts";
import type { SignatureFields, SignatureOptions } from "./options.ts";
import type { SignatureCheck } from "./signature-check.ts";
import { readSignatureHeader } from "./signature-header.ts";
import { compileContent } from "./signed-content.ts";
import { assertFresh, defaultToleranceMs, readTimestamp } from "./timestamp.ts";

/**
 * What every scheme with a signature in a header does: read it, check it over the signed content, then the time. With
 * `lookIntoKeys`, which is called only when somebody asks, it can explain its refusals.
 */
export function signatureScheme(
  options: SignatureOptions,
  check: SignatureCheck,
  lookIntoKeys?: () => KeyInsight,
): Scheme {
  const { timestamp } = options;
  assertOptions(options);
  const content = compileContent(options);
  const header = options.header.toLowerCase();
  const place = { header, encoding: options.encoding, prefix: options.prefix, fields: options.fields };
  const timeHeaders = timestamp !== undefined && "header" in timestamp ? [timestamp.header.toLowerCase()] : [];

  const headers = [...new Set([header, ...timeHeaders, ...content.headers])];

  function verify(delivery: Delivery, nowMs: number, isSigned: SignatureCheck): Uint8Array | Promise<Uint8Array> {
    const signed = readSignatureHeader(delivery, place);
    const time = timestamp === undefined ? "" : readTimestamp(delivery, signed, timestamp);
    const conclude = (isGood: boolean): Uint8Array => {
      if (!isGood) throw mismatch(header);
      if (timestamp !== undefined) assertFresh(time, timestamp, nowMs);
      return delivery.body;
    };
    const isGood = isSigned(signed.signatures, content.read(delivery, time), nowMs);
    return typeof isGood === "boolean" ? conclude(isGood) : isGood.then(conclude);
  }

  return {
    headers,
    ...(timestamp === undefined ? undefined : { toleranceMs: timestamp.toleranceMs ?? defaultToleranceMs }),
    verify: (delivery, nowMs) => verify(delivery, nowMs, check),
    ...(lookIntoKeys === undefined
      ? undefined
      : {
          explain: (delivery, nowMs) =>
            explainSignature(delivery, nowMs, { headers, place, timestamp, insight: lookIntoKeys(), verify }),
        }),
  };
}

function assertOptions(options: SignatureOptions): void {
  const {
    header,
    encoding,
    prefix = "",
    content = "",
    fields,
    timestamp,
    cacheMs = 0,
    refreshCooldownMs = 0,
  } = options;
  assertOption(isHeaderName(header), "header", "the name of a header");
  assertOption(["hex", "base64", "base64url"].includes(encoding), "encoding", '"hex", "base64" or "base64url"');
  assertOption(typeof prefix === "string", "prefix", "a string");
  assertOption(typeof content === "string", "content", "a template such as {timestamp}.{body}");
  assertOption(cacheMs >= 0, "cacheMs", "0 or more milliseconds");
  assertOption(refreshCooldownMs >= 0, "refreshCooldownMs", "0 or more milliseconds");
  if (fields !== undefined) assertFields(fields);
  if (timestamp === undefined) return;
  const { unit = "seconds", toleranceMs = defaultToleranceMs } = timestamp;
  if ("field" in timestamp) {
    const isField = fields !== undefined && isFieldName(timestamp.field, fields) && !("header" in timestamp);
    // The signature itself is no time.
    assertOption(isField && timestamp.field !== fields.signature, "timestamp.field", "the name of another field");
  } else assertOption(isHeaderName(timestamp.header), "timestamp.header", "the name of a header");
  assertOption(["seconds", "milliseconds"].includes(unit), "timestamp.unit", '"seconds" or "milliseconds"');
  assertOption(Number.isFinite(toleranceMs) && toleranceMs > 0, "timestamp.toleranceMs", "a number above 0");
}

function assertFields(fields: SignatureFields): void {
  const { separator, assign, signature } = fields;
  const isGood = isText(separator) && isText(assign) && separator !== assign && isFieldName(signature, fields);
  assertOption(isGood, "fields", "a separator, another assign and a signature that holds neither of them");
}

/** With a separator or a blank at its ends in it, a name would never be found. */
function isFieldName(name: unknown, { separator, assign }: SignatureFields): boolean {
  return isText(name) && name.trim() === name && !name.includes(separator) && !name.includes(assign);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
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
