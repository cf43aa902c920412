import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What a signed address is checked against. */
export interface SignedUrlCheck {
  /** Path and query, as they came. */
  readonly url: string;
  readonly host: string;
  readonly nowMs: number;
  /** What was lent under an access key; `undefined` when nothing was, or it is not good any more. */
  readonly find: (accessKey: string) => { readonly secretKey: string; readonly sessionToken: string } | undefined;
}

const skewMs = 5 * 60_000;
const region = "eu-west-1";

/**
 * Checks the signature of an address as AWS IoT does: Signature Version 4 in the query, for `iotdevicegateway`, with the
 * session token behind it and not under it. Shares no code with what signs. Answers with why it is refused, or with
 * `undefined`.
 */
export function refusalOf({ url, host, nowMs, find }: SignedUrlCheck): string | undefined {
  const [path = "", query = ""] = url.split("?");
  const pairs = query.split("&").map((pair) => pair.split("=").map(decode));
  const fields = new Map(pairs.map(([name = "", value = ""]) => [name, value]));
  if (fields.size !== pairs.length) return "a field came twice";
  const read = (name: string): string => fields.get(`X-Amz-${name}`) ?? "";

  const [accessKey = "", day, ...scope] = read("Credential").split("/");
  if (read("Algorithm") !== "AWS4-HMAC-SHA256") return "another algorithm";
  if (scope.join("/") !== `${region}/iotdevicegateway/aws4_request`) return "another scope";
  if (read("SignedHeaders") !== "host") return "other headers are signed";
  const refusal = refusalOfTime(read("Date"), read("Expires"), nowMs);
  if (refusal !== undefined) return refusal;
  if (!read("Date").startsWith(`${day}T`)) return "a date that is not the scope's";

  const lent = find(accessKey);
  if (lent === undefined) return "an access key that is not good, or not any more";
  if (pairs.at(-1)?.[0] !== "X-Amz-Security-Token") return "the session token does not come last";
  if (read("Security-Token") !== lent.sessionToken) return "another session token";

  const signed = [...fields].filter(([name]) => !["X-Amz-Signature", "X-Amz-Security-Token"].includes(name));
  const canonical = canonicalRequest(path, signed, host);
  const text = ["AWS4-HMAC-SHA256", read("Date"), [day, ...scope].join("/"), sha256(canonical)].join("\n");
  const signature = hmac(signingKey(lent.secretKey, [day ?? "", ...scope]), text).toString("hex");
  return isSame(signature, read("Signature")) ? undefined : "a signature that does not fit";
}

/** The key that a day's signatures for one service are made with. */
export function signingKey(secretKey: string, scope: readonly string[]): Buffer {
  return scope.reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secretKey}`));
}

function canonicalRequest(path: string, fields: readonly (readonly [string, string])[], host: string): string {
  const query = fields
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join("&");
  return ["GET", path, query, `host:${host}`, "", "host", sha256("")].join("\n");
}

function refusalOfTime(date: string, expires: string, nowMs: number): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (parts === null) return "no date";
  const [, year, month, day, hour, minute, second] = parts;
  const signedAtMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedAtMs)) return "no date";
  if (signedAtMs > nowMs + skewMs) return "a date to come";
  const seconds = expires === "" ? skewMs / 1000 : Number(expires);
  if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400)) return "no usable expiry";
  return nowMs > signedAtMs + seconds * 1000 ? "expired" : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** All but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[\w.~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
