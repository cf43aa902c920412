import { ConfigError } from "../../errors.ts";
import type { Keys, Resolver } from "../options.ts";
import type { SourceOptions } from "../resolved-keys.ts";
import { readJwtKey } from "./key.ts";
import type { Jwk, JwtKey } from "./key.ts";
import type { JwtAlgorithm } from "./algorithms.ts";

/** Keys that the platform publishes at an address, RFC 7517. */
export interface JwksOptions {
  /** Over https; over http only on this machine. Redirects are not followed. */
  readonly jwksUrl: string;
  /** How long the keys are kept, in milliseconds. Default: 10 minutes. */
  readonly cacheMs?: number;
  /**
   * The address is asked no more often than this, in milliseconds, whatever tokens come and whether it answers or not.
   * Default: 30 seconds.
   */
  readonly cooldownMs?: number;
  /** Default: the global `fetch`. */
  readonly fetch?: JwksFetch;
}

/** As much of the standard `fetch` as is needed. */
export type JwksFetch = (url: string, request: JwksRequest) => Promise<JwksAnswer>;

/** What is asked. */
export interface JwksRequest {
  readonly method: "GET";
  readonly headers: Readonly<Record<string, string>>;
  readonly redirect: "error";
  readonly signal: AbortSignal;
}

/** What is read of the answer. */
export interface JwksAnswer {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** For the whole answer. Shorter than core's own patience with a resolver. */
const timeoutMs = 5_000;

/** A hundred RSA keys with their certificates. */
const maxAnswerBytes = 512 * 1024;

/**
 * Makes the resolver that fetches a JWKS. Keys that none of the algorithms takes are left out.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`, at start-up
 */
export function jwksResolver(options: JwksOptions, algorithms: readonly JwtAlgorithm[]): Resolver<Jwk> {
  const { fetch = (url: string, request: JwksRequest) => globalThis.fetch(url, request) } = options;
  if (typeof fetch !== "function") throw invalid("fetch must be a function");
  const url = readUrl(options.jwksUrl);
  return async () => {
    const bytes = await download(fetch, url);
    return readKeys(bytes).filter((key): key is Jwk => isUsable(key, algorithms));
  };
}

/** Whether keys are given by the address where they are published. */
export function isJwks(keys: Keys<JwtKey> | JwksOptions): keys is JwksOptions {
  return typeof keys === "object" && keys !== null && "jwksUrl" in keys;
}

/**
 * How long a JWKS is kept, and left alone.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function readJwksCache({ cacheMs = 600_000, cooldownMs = 30_000 }: JwksOptions): SourceOptions {
  if (!(cooldownMs >= 0)) throw invalid("cooldownMs must be 0 or more milliseconds");
  if (!(cacheMs >= cooldownMs)) throw invalid("cacheMs must be at least as long as cooldownMs");
  // The pause after a failure too: else a flood of tokens would reach an address that is down all the more often.
  return { cacheMs, refreshCooldownMs: cooldownMs, failurePauseMs: cooldownMs };
}

function readUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname ?? "");
  if (url === undefined || !(url.protocol === "https:" || (url.protocol === "http:" && isLoopback))) {
    throw invalid("jwksUrl must be an address that starts with https://");
  }
  if (url.username !== "" || url.password !== "") throw invalid("jwksUrl must not hold a user name or password");
  return url.href;
}

async function download(fetch: JwksFetch, url: string): Promise<Uint8Array> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(failure("did not answer in time")), timeoutMs);
  const headers = { accept: "application/json, application/jwk-set+json" };
  try {
    const { status, body } = await fetch(url, { method: "GET", headers, redirect: "error", signal: deadline.signal });
    if (status !== 200) throw failure(`answered ${status}, not 200`);
    return await readAll(body);
  } finally {
    clearTimeout(timer);
    // Lets go of a body that was not read to its end.
    deadline.abort();
  }
}

async function readAll(body: JwksAnswer["body"]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw failure(`answered with more than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readKeys(bytes: Uint8Array): readonly unknown[] {
  const set = parse(bytes);
  const keys: unknown = typeof set === "object" && set !== null && "keys" in set ? set.keys : undefined;
  if (Array.isArray(keys)) return keys;
  throw failure("answered with something that is no JSON Web Key Set");
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** RFC 7517 section 5: a set may hold keys for other purposes, and of kinds nobody here knows. */
function isUsable(key: unknown, algorithms: readonly JwtAlgorithm[]): boolean {
  if (typeof key !== "object" || key === null) return false;
  try {
    // Any object will do: reading it is the check.
    readJwtKey(key as Jwk, algorithms);
    return true;
  } catch (cause) {
    if (cause instanceof ConfigError) return false;
    throw cause;
  }
}

function failure(what: string): Error {
  return new Error(`The JWKS address ${what}.`);
}

function invalid(what: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", `jwt: ${what}.`);
}
