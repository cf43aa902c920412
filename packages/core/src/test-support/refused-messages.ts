import { createHmac, generateKeyPairSync, sign } from "node:crypto";

import type { Delivery } from "../delivery.ts";
import type { DiagnosisCause } from "../diagnosis.ts";
import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import type { Scheme } from "../scheme.ts";
import { hmac } from "../schemes/hmac.ts";
import type { HmacOptions } from "../schemes/hmac.ts";
import type { SignatureOptions } from "../schemes/options.ts";
import { publicKey } from "../schemes/public-key.ts";
import type { PublicKeyOptions } from "../schemes/public-key.ts";

/** When they arrive. */
export const nowMs = 1_790_000_000_000;

/** A delivery that a scheme refuses, and why it does. */
export interface Refused {
  readonly name: string;
  readonly cause: DiagnosisCause;
  /** A part of what is to be said. */
  readonly says: string;
  readonly scheme: Scheme;
  readonly delivery: Delivery;
  readonly signature: string;
  readonly body: string;
}

/** What a platform signs with, and how a receiver checks it. */
export interface Platform {
  readonly sign: (content: string | Uint8Array) => Buffer;
  readonly scheme: (options?: Partial<SignatureOptions>) => Scheme;
}

/** A delivery with a signature in `x-sig`. */
export function refusedDelivery(
  body: string | Uint8Array,
  signature: string,
  headers: Readonly<Record<string, string>> = {},
): Delivery {
  const bytes = Buffer.from(body);
  return toDelivery(toIncomingDelivery({ headers: { "X-Sig": signature, ...headers }, body: bytes }), bytes, nowMs);
}

/** A platform with a secret; the receiver may have another one. */
export function secretPlatform(
  secret: string | Uint8Array,
  configured: string | Uint8Array = secret,
  options: Partial<HmacOptions> = {},
): Platform {
  return {
    sign: (content) => createHmac("sha256", secret).update(content).digest(),
    scheme: (more) => hmac({ secrets: configured, header: "X-Sig", encoding: "hex", ...options, ...more }),
  };
}

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** A platform with a key pair. */
export function keyPlatform({ privateKey, publicKey: key } = pair, options: Partial<PublicKeyOptions> = {}): Platform {
  return {
    sign: (content) => sign("sha256", Buffer.from(content), privateKey),
    scheme: (more) =>
      publicKey({ keys: key, algorithm: "rsa-pkcs1", header: "X-Sig", encoding: "hex", ...options, ...more }),
  };
}

/** A document with everything that libraries write differently. */
export function documentOf(marker: string) {
  return { id: marker, note: `${marker}: é, "q" <a/b> & \u{1f600}`, list: [1, { amount: 2.5 }], empty: {} };
}

type Row = readonly [name: string, cause: DiagnosisCause, says: string, arrived: string, signed: string];

/** Deliveries whose body was changed on the way. */
export function changedBodies({ sign: signs, scheme }: Platform, marker: string): readonly Refused[] {
  const value = documentOf(marker);
  const compact = JSON.stringify(value);
  const pretty = JSON.stringify(value, undefined, 2);
  const rows: readonly Row[] = [
    ["compact JSON that was indented", "body-reserialized", "JSON.stringify", pretty, compact],
    ["Python's JSON", "body-reserialized", "(Python)", compact, python(marker, false)],
    ["Python's JSON with escapes", "body-reserialized", "\\u escapes (Python)", compact, python(marker, true)],
    ["compact JSON with escapes", "body-reserialized", "compact JSON with \\u", pretty, escapeUnicode(compact)],
    ["PHP's JSON", "body-reserialized", "(PHP)", compact, escapeUnicode(compact).replaceAll("/", "\\/")],
    ["Go's JSON", "body-reserialized", "(Go)", compact, escapeHtml(compact)],
    ["a form with other blanks", "body-reserialized", "a form", `id=${marker}&a=b%20c`, `id=${marker}&a=b+c`],
    ["base64", "body-base64", "isBase64Encoded", Buffer.from(pretty).toString("base64"), pretty],
    ["base64 as a JSON string", "body-base64", "base64", `"${Buffer.from(pretty).toString("base64")}"\n`, pretty],
    ["CRLF that was LF", "body-line-endings", "line feeds in place", pretty.replaceAll("\n", "\r\n"), pretty],
    ["LF that was CRLF", "body-line-endings", "in place of line feeds", pretty, pretty.replaceAll("\n", "\r\n")],
    ["a line feed more", "body-line-endings", "no line break at its end", `${pretty}\n`, pretty],
    ["a line feed less", "body-line-endings", "a line feed at its end", pretty, `${pretty}\n`],
    ["a byte order mark more", "body-bom", "without a byte order mark", `\ufeff${pretty}`, pretty],
    ["a byte order mark less", "body-bom", "with a byte order mark", pretty, `\ufeff${pretty}`],
  ];
  return rows.map(([name, cause, says, arrived, signed]) => {
    const signature = signs(signed).toString("hex");
    return {
      name,
      cause,
      says,
      scheme: scheme(),
      delivery: refusedDelivery(arrived, signature),
      signature,
      body: signed,
    };
  });
}

/** Deliveries whose signature is written in another way than is configured. */
export function otherSpellings({ sign: signs, scheme }: Platform, marker: string): readonly Refused[] {
  const body = JSON.stringify(documentOf(marker));
  const bytes = signs(body);
  const [hex, base64] = [bytes.toString("hex"), bytes.toString("base64")];
  const fields = { separator: ",", assign: "=", signature: "v1" };
  const rows: readonly (readonly [string, DiagnosisCause, string, string, Partial<SignatureOptions>])[] = [
    ["hex for base64", "signature-encoding", "lower-case hex where base64", hex, { encoding: "base64" }],
    ["base64 for hex", "signature-encoding", "base64", base64, {}],
    ["base64url for base64", "signature-encoding", "base64", bytes.toString("base64url"), { encoding: "base64" }],
    ["base64 for base64url", "signature-encoding", "base64", base64, { encoding: "base64url" }],
    ["upper-case hex", "signature-encoding", "upper-case hex", hex.toUpperCase(), {}],
    ["a signature in quotes", "signature-encoding", "lower-case hex", `"${hex}"`, {}],
    ["a prefix missing", "signature-prefix", 'has not "sha256="', hex, { prefix: "sha256=" }],
    ["a prefix too many", "signature-prefix", "where nothing is configured", `sha256=${hex}`, {}],
    ["another prefix", "signature-prefix", 'has not "sha256="', `v1=${hex}`, { prefix: "sha256=" }],
    ["a field in base64", "signature-encoding", "base64", `k=1, v1=${base64}`, { fields }],
    ["a field's name missing", "signature-prefix", 'has not "v1="', hex, { fields }],
  ];
  return rows.map(([name, cause, says, signature, options]) => {
    const delivery = refusedDelivery(body, signature);
    return { name, cause, says, scheme: scheme(options), delivery, signature, body };
  });
}

/** As `json.dumps` writes {@link documentOf}, by hand. */
function python(marker: string, isAscii: boolean): string {
  const note = isAscii ? String.raw`\u00e9, \"q\" <a/b> & \ud83d\ude00` : `é, \\"q\\" <a/b> & \u{1f600}`;
  return `{"id": "${marker}", "note": "${marker}: ${note}", "list": [1, {"amount": 2.5}], "empty": {}}`;
}

function escapeUnicode(json: string): string {
  return json.replaceAll("é", String.raw`\u00e9`).replaceAll("\u{1f600}", String.raw`\ud83d\ude00`);
}

function escapeHtml(json: string): string {
  return json
    .replaceAll("<", String.raw`\u003c`)
    .replaceAll(">", String.raw`\u003e`)
    .replaceAll("&", String.raw`\u0026`);
}
