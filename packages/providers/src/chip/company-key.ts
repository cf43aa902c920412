import type { Resolver } from "@hooklatch/core/schemes";
import pRetry, { AbortError } from "p-retry";

import { readCompanyKeyOptions } from "./company-key-options.ts";
import type { CompanyKeyOptions, Fetch, FetchAnswer, FetchRequest } from "./company-key-options.ts";

/** A 4096-bit key is 800 bytes of PEM. */
const maxAnswerBytes = 16 * 1024;

/** For the whole call, retries included. Core gives a resolver 10 seconds. */
const deadlineMs = 8_000;

/**
 * Makes the resolver that asks CHIP for the key it signs success callbacks with.
 *
 * Network faults, 429 and 5xx are tried three times in all; anything else ends the call at once. No error it rejects
 * with quotes the request or the answer.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` or `ERR_OPTION_INVALID`, at start-up
 */
export function companyKey(options: CompanyKeyOptions): Resolver<string> {
  const { fetch, url, headers } = readCompanyKeyOptions(options);
  return () =>
    withinDeadline((signal) =>
      pRetry(() => ask(fetch, url, { method: "GET", headers, redirect: "error", signal }), {
        retries: 2,
        minTimeout: 250,
        randomize: true,
        signal,
      }),
    );
}

/** Rejects at the deadline even if a `fetch` ignores its signal: it must not hold a delivery for longer. */
function withinDeadline<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const deadline = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = failure(`gave no key within ${deadlineMs / 1000} seconds`);
      deadline.abort(error);
      reject(error);
    }, deadlineMs);
    void work(deadline.signal)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}

async function ask(fetch: Fetch, url: string, request: FetchRequest): Promise<string> {
  const { status, text } = await send(fetch, url, request);
  if (status === 200) return readPem(text);
  if (status === 429 || status >= 500) throw failure(`answered ${status}`);
  throw new AbortError(failure(`answered ${status}`, status === 401 || status === 403 ? checkToken : checkBaseUrl));
}

async function send(fetch: Fetch, url: string, request: FetchRequest) {
  try {
    const { status, body } = await fetch(url, request);
    return { status, text: await readText(body) };
  } catch (error) {
    throw failure(`could not be reached (${codeOf(error) ?? "a network fault, or a redirect, which is not followed"})`);
  }
}

/** Not the error itself: what a fetch says of a request may quote its headers. */
function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : undefined;
}

/** `undefined`: longer than any key. Leaving the loop cancels the rest. */
async function readText(body: FetchAnswer["body"]): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxAnswerBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function readPem(text: string | undefined): string {
  if (text === undefined) {
    throw new AbortError(failure(`answered with more than ${maxAnswerBytes} bytes`, checkBaseUrl));
  }
  const pem = parse(text);
  if (typeof pem === "string" && pem.includes("-----BEGIN ")) return pem;
  throw new AbortError(failure("answered 200, but not with a JSON string that holds a PEM", checkBaseUrl));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const checkToken = " Check companyKey.token: it is a secret key from Developers, API keys, of the company that sells.";
const checkBaseUrl = " Check companyKey.baseUrl: it is the root of CHIP's API and ends with /api/v1.";

function failure(what: string, help = ""): Error {
  return new Error(`The company key could not be fetched: CHIP's API ${what}.${help}`);
}
