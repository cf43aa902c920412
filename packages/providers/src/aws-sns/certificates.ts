import { X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { BackendError, RejectedError } from "@hooklatch/core/errors";

import { fetchText } from "./fetch-text.ts";
import type { Fetch } from "../fetch.ts";
import { Lottery } from "./lottery.ts";

/** AWS has one certificate for a region, and a second one while it changes them. */
const maxKept = 16;

/** How many certificates may be on their way at once, and wait for it: names are free to invent until one was fetched. */
const limits = { maxRunning: 4, maxWaiting: 64 } as const;

/** An address that failed is left alone for so long. */
const failurePauseMs = 5_000;

interface Kept {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  readonly loadedAtMs: number;
}

/**
 * Fetches AWS's certificates and keeps them by their address. The address MUST have been checked before.
 *
 * Looked at: the key (RSA, 2,048 bits or more) and the dates. Not looked at: issuer, name and revocation. That a
 * certificate is AWS's is proven by the TLS connection to the host it came from.
 */
export class Certificates {
  readonly #fetch: Fetch;
  readonly #cacheMs: number;
  /** In the order of their last use. */
  readonly #kept = new Map<string, Kept>();
  readonly #failures = new Map<string, { readonly error: BackendError; readonly atMs: number }>();
  readonly #loading = new Map<string, Promise<Kept>>();
  readonly #lottery = new Lottery(limits);

  constructor(fetch: Fetch, cacheMs: number) {
    this.#fetch = fetch;
    this.#cacheMs = cacheMs;
  }

  /**
   * The key of the certificate at an address.
   *
   * @throws {RejectedError} `ERR_SIGNATURE_MISMATCH` when the certificate is not valid now
   * @throws {BackendError} `ERR_KEY_SOURCE_UNAVAILABLE` when there is none to be had. Never a refusal: SNS would not try
   * again.
   */
  async keyFor(url: string, nowMs: number): Promise<KeyObject> {
    const { certificate, key } = this.#fresh(url, nowMs) ?? (await this.#load(url, nowMs));
    const { validFromDate, validToDate } = certificate;
    // Written so that a date that cannot be read lets nothing through.
    if (nowMs >= validFromDate.getTime() && nowMs <= validToDate.getTime()) return key;
    throw new RejectedError("ERR_SIGNATURE_MISMATCH", "AWS's certificate is not valid at this time.", {
      help: "If this is not an old message sent again, compare the machine's clock with a time server.",
    });
  }

  /** The key of a certificate that is here already; nothing is fetched. */
  knownKey(url: string): KeyObject | undefined {
    return this.#kept.get(url)?.key;
  }

  #fresh(url: string, nowMs: number): Kept | undefined {
    const kept = this.#kept.get(url);
    if (kept === undefined || nowMs - kept.loadedAtMs >= this.#cacheMs) return undefined;
    remember(this.#kept, url, kept);
    return kept;
  }

  async #load(url: string, nowMs: number): Promise<Kept> {
    const failure = this.#failures.get(url);
    if (failure !== undefined && nowMs - failure.atMs < failurePauseMs) throw failure.error;
    const loading = this.#loading.get(url);
    if (loading !== undefined) return loading;
    const load = (): Promise<Kept> => this.#loadOnce(url, nowMs);
    // One that was fetched before is AWS's own: a storm of invented names must not stand in its way.
    const work = (this.#kept.has(url) ? load() : this.#lottery.run(load, tooMany)).finally(() =>
      this.#loading.delete(url),
    );
    this.#loading.set(url, work);
    return work;
  }

  async #loadOnce(url: string, nowMs: number): Promise<Kept> {
    try {
      const kept = { ...readCertificate(await fetchText(this.#fetch, url)), loadedAtMs: nowMs };
      remember(this.#kept, url, kept);
      this.#failures.delete(url);
      return kept;
    } catch (cause) {
      const error = unavailable(cause instanceof Error ? cause.message : "of an unknown fault");
      remember(this.#failures, url, { error, atMs: nowMs });
      throw error;
    }
  }
}

/** Puts an entry last, and lets the one go that was not used for longest. */
function remember<Entry>(entries: Map<string, Entry>, url: string, entry: Entry): void {
  entries.delete(url);
  entries.set(url, entry);
  const [oldest] = entries.keys();
  if (entries.size > maxKept && oldest !== undefined) entries.delete(oldest);
}

function readCertificate(pem: string): Omit<Kept, "loadedAtMs"> {
  const certificate = parseCertificate(pem);
  const key = certificate.publicKey;
  if (key.asymmetricKeyType !== "rsa" || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new Error("its key is not RSA of 2,048 bits or more.");
  }
  return { certificate, key };
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Error("what came is no certificate.");
  }
}

function tooMany(): BackendError {
  return unavailable("too many others are being fetched at this moment");
}

function unavailable(why: string): BackendError {
  return new BackendError("ERR_KEY_SOURCE_UNAVAILABLE", `AWS's certificate could not be had: ${why}`, {
    help: "The machine must reach sns.<region>.amazonaws.com over https; where a proxy is needed, give awsSns a fetch.",
  });
}
