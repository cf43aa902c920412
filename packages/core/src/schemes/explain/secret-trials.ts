import type { KeyObject } from "node:crypto";

import type { DiagnosisCause } from "../../diagnosis.ts";

/** Another secret that may have been meant. */
export interface MeantSecret {
  readonly cause: DiagnosisCause;
  readonly message: string;
  readonly bytes: Uint8Array;
}

/** What may have been meant with a secret that fits nothing: as often as not it was copied or read wrongly. */
export function meantSecrets(secret: KeyObject): readonly MeantSecret[] {
  return secretsFitting(secret, "The signature");
}

/** The same, where something else than a signature fits, which stands at the beginning of each message. */
export function secretsFitting(secret: KeyObject, what: string): readonly MeantSecret[] {
  const bytes = secret.export();
  // One character to a byte.
  const text = bytes.toString("latin1");
  const found = [...whiteSpace(text), ...quotes(text), ...escapes(text), ...decoded(text), ...encoded(bytes)];
  return found.map((one) => ({ ...one, message: `${what} ${one.message}` }));
}

function whiteSpace(text: string): readonly MeantSecret[] {
  const trimmed = text.trim();
  const take =
    "fits a configured secret without the white space around it. Trim it where it is read: files and " +
    "dashboards often add a line break.";
  const add =
    "fits a configured secret with a line feed behind it: the platform was given it with one. Set it " +
    "there anew, without.";
  return [
    ...(trimmed === text ? [] : [meant("secret-white-space", take, trimmed)]),
    meant("secret-white-space", add, `${text}\n`),
  ];
}

function quotes(text: string): readonly MeantSecret[] {
  const inner = /^(["'`])(.+)\1$/s.exec(text.trim())?.[2];
  const message =
    "fits a configured secret without the quotes around it. Take them away: some readers of env files keep them.";
  return inner === undefined ? [] : [meant("secret-quoted", message, inner)];
}

function escapes(text: string): readonly MeantSecret[] {
  if (!/\\[nr]/.test(text)) return [];
  const bare = text.replaceAll(String.raw`\r`, "");
  const message = String.raw`fits a configured secret once its literal \n `;
  return [
    meant(
      "secret-escaped-newlines",
      `${message}are taken away. Remove them where the secret is read.`,
      bare.replaceAll(String.raw`\n`, ""),
    ),
    meant(
      "secret-escaped-newlines",
      `${message}are real line breaks. Replace them where the secret is read.`,
      bare.replaceAll(String.raw`\n`, "\n"),
    ),
  ];
}

function decoded(text: string): readonly MeantSecret[] {
  const bare = text.trim().replace(/^whsec_/, "");
  const say = (what: string, call: string): string =>
    `fits a configured secret once it is decoded from ${what}. Configure its bytes: ${call}.`;
  const isHex = /^(?:[\da-f]{2})+$/i.test(bare);
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(bare);
  return [
    ...(isHex ? [meant("secret-encoding", say("hex", 'Buffer.from(secret, "hex")'), Buffer.from(bare, "hex"))] : []),
    ...(isBase64
      ? [meant("secret-encoding", say("base64", 'Buffer.from(secret, "base64")'), Buffer.from(bare, "base64"))]
      : []),
  ];
}

function encoded(bytes: Buffer): readonly MeantSecret[] {
  const [base64, base64url, hex] = [bytes.toString("base64"), bytes.toString("base64url"), bytes.toString("hex")];
  const say = (what: string): string =>
    `fits the ${what} of a configured secret: the platform takes that text itself for the secret. ` +
    "Configure the text as it is, undecoded.";
  return [
    meant("secret-encoding", say("base64"), base64),
    meant("secret-encoding", say("base64 (without padding)"), base64.replace(/=+$/, "")),
    meant("secret-encoding", say("base64url"), base64url),
    meant("secret-encoding", say("base64, with whsec_ before it,"), `whsec_${base64}`),
    meant("secret-encoding", say("hex"), hex),
    meant("secret-encoding", say("upper-case hex"), hex.toUpperCase()),
  ];
}

function meant(cause: DiagnosisCause, message: string, secret: string | Uint8Array): MeantSecret {
  return { cause, message, bytes: typeof secret === "string" ? Buffer.from(secret, "latin1") : secret };
}
