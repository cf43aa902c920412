import type { Scheme } from "../scheme.ts";
import type { Secret } from "./hmac.ts";
import { KeySource } from "./key-source.ts";
import { messageSignatureAlgorithms } from "./message-signature/algorithms.ts";
import { assertMessageSignatureOptions } from "./message-signature/options.ts";
import type { HttpMessageSignatureOptions } from "./message-signature/options.ts";
import type { MessageSettings } from "./message-signature/verify-message.ts";
import type { Keys } from "./options.ts";
import type { PublicKeyInput } from "./public-key.ts";

/**
 * HTTP Message Signatures, RFC 9421, over components of the request of which one is the digest of its body, RFC 9530.
 * The digest is always computed anew from the bytes.
 *
 * A covered header that the request carries twice is refused. So are the parameters `sf`, `key`, `bs`, `tr` and `req` of
 * a component.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` also without `content-digest` among the components, `ERR_SECRET_MISSING`,
 *   `ERR_KEY_INVALID` for a key that does not fit the algorithm
 */
export function httpMessageSignature(options: HttpMessageSignatureOptions): Scheme {
  assertMessageSignatureOptions(options);
  const { algorithm, components, label, keyId, tag, maxAgeMs = 300_000, toleranceMs = 60_000 } = options;
  const given: Keys<Secret | PublicKeyInput> = options.keys;
  const { read, verify: fits } = messageSignatureAlgorithms[algorithm];
  const keys = new KeySource(given, read, options);
  const settings: MessageSettings = {
    isSigned: (base, signature, nowMs) => keys.some((key) => fits(base, key, signature), nowMs),
    wanted: { algorithm, components, label, keyIds: typeof keyId === "string" ? [keyId] : keyId, tag },
    publicUrl: options.publicUrl === undefined ? undefined : new URL(options.publicUrl),
    maxAgeMs,
    toleranceMs,
  };
  const headers = [...new Set(["signature-input", "signature", ...components.filter((name) => !name.startsWith("@"))])];
  return {
    headers,
    toleranceMs: maxAgeMs + toleranceMs,
    async verify(delivery, nowMs) {
      // Loaded with the first delivery, so that the many receivers with another scheme do not wait for a parser.
      const { verifyMessage } = await import("./message-signature/verify-message.ts");
      return verifyMessage(delivery, settings, nowMs);
    },
    async explain(delivery, nowMs) {
      const { explainMessage } = await import("./explain/explain-message.ts");
      return explainMessage(delivery, { headers, settings, keys: keys.known }, nowMs);
    },
  };
}
