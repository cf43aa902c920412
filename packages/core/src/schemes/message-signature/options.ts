import { ConfigError } from "../../errors.ts";
import type { Secret } from "../hmac.ts";
import type { Keys } from "../options.ts";
import type { PublicKeyInput } from "../public-key.ts";
import type { CacheOptions } from "../resolved-keys.ts";
import { messageSignatureAlgorithms } from "./algorithms.ts";
import type { MessageSignatureAlgorithm } from "./algorithms.ts";
import { isComponentName, publicComponents } from "./components.ts";

/** How a platform signs HTTP messages: with a secret, or with a private key. */
export type HttpMessageSignatureOptions = CommonOptions &
  (
    | { readonly algorithm: "hmac-sha256"; readonly keys: Keys<Secret> }
    | { readonly algorithm: Exclude<MessageSignatureAlgorithm, "hmac-sha256">; readonly keys: Keys<PublicKeyInput> }
  );

interface CommonOptions extends CacheOptions {
  /**
   * What the signature must cover, in any order; it may cover more. MUST hold `content-digest`, without which nothing
   * binds the body. `@method` and `@path`, or `@target-uri`, keep a delivery from being sent to another endpoint.
   */
  readonly components: readonly string[];
  /** Which signature to look at, where a request carries several. Default: the only one that fits. */
  readonly label?: string;
  /** The `keyid` that the signature must name, or a list of which it must name one. Default: any, or none. */
  readonly keyId?: string | readonly string[];
  /** The `tag` that the signature must have, which says what for it was made. Default: any, or none. */
  readonly tag?: string;
  /** The oldest that a signature may be, by its `created`. Default: 5 minutes. */
  readonly maxAgeMs?: number;
  /** How far the platform's clock may be off, either way. Default: 1 minute. */
  readonly toleranceMs?: number;
  /**
   * Scheme, host and port under which the platform reaches the endpoint, such as `https://hooks.example.com`. Needed for
   * `@target-uri`, `@authority` and `@scheme`: the request's own headers decide nothing. The path of a request MUST
   * arrive as the platform sent it.
   */
  readonly publicUrl?: string;
}

/**
 * Refuses options that a program without types, or an environment variable that is not set, may hand over.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function assertMessageSignatureOptions(options: HttpMessageSignatureOptions): void {
  const { algorithm, components, label = "x", tag = "x", keyId = "x", publicUrl } = options;
  const algorithms = Object.keys(messageSignatureAlgorithms);
  assertOption(algorithms.includes(algorithm), "algorithm", `one of ${algorithms.join(", ")}`);
  const areNames = Array.isArray(components) && components.every(isComponentName);
  assertOption(areNames, "components", "names of headers in lower case, and derived ones such as @method");
  assertOption(components.includes("content-digest"), "components", "a list with content-digest: it binds the body");
  const isPublic = components.some((name) => publicComponents.includes(name));
  assertOption(!isPublic || publicUrl !== undefined, "publicUrl", `given for ${publicComponents.join(", ")}`);
  assertOption(publicUrl === undefined || isOrigin(publicUrl), "publicUrl", "like https://hooks.example.com, no path");
  assertOption(isText(label), "label", "text");
  assertOption(isText(tag), "tag", "text");
  const keyIds: readonly unknown[] = Array.isArray(keyId) ? keyId : [keyId];
  assertOption(keyIds.length > 0 && keyIds.every(isText), "keyId", "text, or a list of texts");
  for (const name of ["maxAgeMs", "toleranceMs", "cacheMs", "refreshCooldownMs"] as const) {
    const { [name]: value = 0 } = options;
    assertOption(Number.isFinite(value) && value >= 0, name, "0 or more milliseconds");
  }
}

function isOrigin(given: unknown): boolean {
  const url = typeof given === "string" && URL.canParse(given) ? new URL(given) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function assertOption(isGood: boolean, name: string, wanted: string): void {
  if (!isGood) throw new ConfigError("ERR_OPTION_INVALID", `httpMessageSignature: ${name} must be ${wanted}.`);
}
