import type { Resolver } from "@hooklatch/core/schemes";
import pRetry, { AbortError } from "p-retry";

import type { Fetch, FetchRequest } from "../fetch.ts";
import { readApiOptions } from "./api-options.ts";
import type { ChipApiOptions } from "./api-options.ts";
import { exchange, NetworkFault, parseJson, withinDeadline } from "./chip-http.ts";
import type { HttpAnswer } from "./chip-http.ts";

/** A 4096-bit key is 800 bytes of PEM. */
const maxAnswerBytes = 16 * 1024;

/** For the whole call, retries included. Core gives a resolver 10 seconds. */
const deadlineMs = 8_000;

/** Where the API gives the key out, under its base URL. */
export const companyKeyPath = "/public_key/";

/**
 * Makes the resolver that asks CHIP for the key it signs success callbacks with.
 *
 * Network faults, 429 and 5xx are tried three times in all; anything else ends the call at once. No error it rejects
 * with quotes the request or the answer.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` or `ERR_OPTION_INVALID`, at start-up
 */
export function companyKey(options: ChipApiOptions): Resolver<string> {
  const { fetch, baseUrl, headers } = readApiOptions(options, "companyKey.");
  const late = () => failure(`gave no key within ${deadlineMs / 1000} seconds`);
  return () =>
    withinDeadline(deadlineMs, late, (signal) => {
      const request = { method: "GET", headers, redirect: "error", signal } as const;
      return pRetry(() => ask(fetch, `${baseUrl}${companyKeyPath}`, request), {
        retries: 2,
        minTimeout: 250,
        randomize: true,
        signal,
      });
    });
}

/** The key in the answer to a request for {@link companyKeyPath}, a JSON string; `undefined` when it is none. */
export function readCompanyKey(answer: unknown): string | undefined {
  return typeof answer === "string" && answer.includes("-----BEGIN ") ? answer : undefined;
}

async function ask(fetch: Fetch, url: string, request: FetchRequest): Promise<string> {
  const { status, text } = await send(fetch, url, request);
  if (status === 200) return readPem(text);
  if (status === 429 || status >= 500) throw failure(`answered ${status}`);
  throw new AbortError(failure(`answered ${status}`, status === 401 || status === 403 ? checkToken : checkBaseUrl));
}

async function send(fetch: Fetch, url: string, request: FetchRequest): Promise<HttpAnswer> {
  try {
    return await exchange(fetch, url, request, maxAnswerBytes);
  } catch (error) {
    throw error instanceof NetworkFault ? failure(error.message) : error;
  }
}

function readPem(text: string | undefined): string {
  if (text === undefined) {
    throw new AbortError(failure(`answered with more than ${maxAnswerBytes} bytes`, checkBaseUrl));
  }
  const pem = readCompanyKey(parseJson(text));
  if (pem !== undefined) return pem;
  throw new AbortError(failure("answered 200, but not with a JSON string that holds a PEM", checkBaseUrl));
}

const checkToken = " Check companyKey.token: it is a secret key from Developers, API keys, of the company that sells.";
const checkBaseUrl = " Check companyKey.baseUrl: it is the root of CHIP's API and ends with /api/v1.";

function failure(what: string, help = ""): Error {
  return new Error(`The company key could not be fetched: CHIP's API ${what}.${help}`);
}
