import pRetry from "p-retry";

import type { ApiAccess } from "../api-options.ts";
import { exchange, NetworkFault, parseJson, withinDeadline } from "../chip-http.ts";
import type { FetchRequest } from "../../fetch.ts";
import { ChipApiError } from "./chip-api-error.ts";
import { toRefusal } from "./refusal.ts";
import type { WireWebhook } from "./webhook-input.ts";

/** A hundred webhooks with their keys are about 120 KiB. */
const maxAnswerBytes = 1024 * 1024;

/** For one try. */
const tryTimeoutMs = 10_000;

const retries = 2;

/** A fault of these kinds happened before anything was sent. */
const beforeSending = new Set<unknown>(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/** One request to the API. */
export interface ApiRequest {
  readonly method: FetchRequest["method"];
  /** Under the base URL; CHIP's paths end with a slash. */
  readonly path: string;
  /** The whole address, where it is not the base URL and the path. MUST have the base URL's origin. */
  readonly url?: string;
  readonly body?: WireWebhook;
}

/** A 2xx. */
interface ApiAnswer {
  readonly status: number;
  /** `undefined` when the body is no JSON. */
  readonly value: unknown;
}

/** Sends requests with what was set up once. */
export type SendRequest = (request: ApiRequest) => Promise<ApiAnswer>;

/**
 * Makes the function that all calls go through. Network faults and 5xx are tried three times in all, except for a
 * `POST` that may have done its work: that one ends as an error with `mayHaveSucceeded`.
 */
export function createSendRequest(access: ApiAccess): SendRequest {
  return (request) =>
    pRetry((tries) => trySend(access, request, tries), {
      retries,
      minTimeout: 250,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof ChipApiError && mayPass(error),
    });
}

function mayPass({ status, mayHaveSucceeded }: ChipApiError): boolean {
  return !mayHaveSucceeded && (status === undefined || status >= 500);
}

async function trySend(access: ApiAccess, request: ApiRequest, tries: number): Promise<ApiAnswer> {
  const { status, text } = await exchangeInTime(access, request, tries);
  if (text === undefined) throw failed(request, `was answered with more than ${maxAnswerBytes} bytes.`, { status });
  if (status >= 200 && status < 300) return { status, value: parseJson(text) };
  // The answer to the first try was lost, and the webhook with it.
  if (request.method === "DELETE" && status === 404 && tries > 1) return { status: 204, value: undefined };
  throw toRefusal({ ...request, status, text, token: access.token, tries });
}

async function exchangeInTime(access: ApiAccess, request: ApiRequest, tries: number) {
  const { method, path, url = `${access.baseUrl}${path}`, body } = request;
  const times = tries > 1 ? `, tried ${tries} times` : "";
  const late = () => failed(request, `was not answered within ${tryTimeoutMs / 1000} seconds${times}.`);
  try {
    return await withinDeadline(tryTimeoutMs, late, (signal) =>
      exchange(
        access.fetch,
        url,
        {
          method,
          headers: { ...access.headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          redirect: "error",
          signal,
        },
        maxAnswerBytes,
      ),
    );
  } catch (error) {
    if (!(error instanceof NetworkFault)) throw error;
    throw failed(request, `${error.message}${times}.`, { sent: !beforeSending.has(error.code) });
  }
}

function failed(
  { method, path }: ApiRequest,
  message: string,
  { status, sent = true }: { readonly status?: number; readonly sent?: boolean } = {},
): ChipApiError {
  return new ChipApiError(`${method} ${path}`, message, {
    ...(status === undefined ? {} : { status }),
    mayHaveSucceeded: method === "POST" && sent,
  });
}
