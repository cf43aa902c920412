import { BackendError, ConfigError } from "@hooklatch/core/errors";
import pRetry, { AbortError } from "p-retry";

import { assertToken } from "./options.ts";
import type { AccessToken } from "./options.ts";

/** What InPlayer lends a customer to connect with. */
export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken: string;
  readonly region: string;
  readonly iotEndpoint: string;
}

/** How credentials are asked for. */
export interface CredentialsRequest {
  readonly accessToken: AccessToken;
  readonly credentialsUrl: string;
  readonly signal: AbortSignal;
}

/** InPlayer's own clients know these by heart, and some of its answers may not say them. */
const usual = { region: "eu-west-1", iotEndpoint: "a3gkl64duktvc4-ats.iot.eu-west-1.amazonaws.com" } as const;

const requestTimeoutMs = 10_000;
const maxAnswerLength = 16 * 1024;

/**
 * Fetches temporary credentials. Faults that may pass are tried three times in all. No error quotes a token or an answer.
 *
 * @throws {ConfigError} `ERR_CREDENTIALS_REFUSED` when InPlayer does not take the token
 * @throws {BackendError} `ERR_KEY_SOURCE_UNAVAILABLE`, `ERR_KEY_SOURCE_EMPTY`
 */
export async function fetchCredentials({
  accessToken,
  credentialsUrl,
  signal,
}: CredentialsRequest): Promise<Credentials> {
  return pRetry(async () => ask(credentialsUrl, await readToken(accessToken, signal), signal), {
    retries: 2,
    minTimeout: 300,
    randomize: true,
    signal,
  });
}

async function readToken(accessToken: AccessToken, signal: AbortSignal): Promise<string> {
  let token: unknown = accessToken;
  try {
    if (typeof accessToken === "function") token = await withinTime(accessToken, signal);
  } catch (cause) {
    throw unavailable(`The function accessToken failed, or did not answer within ${requestTimeoutMs} ms.`, { cause });
  }
  try {
    assertToken(token);
  } catch (cause) {
    const message = "The function accessToken answered with nothing that can be sent as a token.";
    throw new AbortError(new BackendError("ERR_KEY_SOURCE_EMPTY", message, { cause }));
  }
  return token;
}

/** A function that never answers must not keep the connection from being closed. */
function withinTime<Value>(work: () => Value | Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const giveUp = (): void => reject(new Error("There was no answer in time."));
  const timer = setTimeout(giveUp, requestTimeoutMs);
  signal.addEventListener("abort", giveUp);
  void Promise.resolve().then(work).then(resolve, reject);
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  });
}

async function ask(url: string, token: string, signal: AbortSignal): Promise<Credentials> {
  const { status, text } = await exchange(url, token, signal);
  if (status === 401 || status === 403) throw new AbortError(refused(status));
  if (status === 200) {
    const credentials = readCredentials(text);
    if (credentials !== undefined) return credentials;
    throw new AbortError(unavailable("InPlayer answered 200, but not with credentials."));
  }
  const error = unavailable(`InPlayer answered ${status} when it was asked for credentials.`);
  throw status === 429 || status >= 500 ? error : new AbortError(error);
}

async function exchange(url: string, token: string, signal: AbortSignal) {
  const late = AbortSignal.timeout(requestTimeoutMs);
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json", authorization: `Bearer ${token}` },
      // The token is for this address only.
      redirect: "error",
      signal: AbortSignal.any([signal, late]),
    });
    return { status: response.status, text: await readText(response) };
  } catch (error) {
    const met = late.aborted ? `no answer within ${requestTimeoutMs} ms` : codeOf(error);
    throw unavailable(`InPlayer could not be asked for credentials (${met}).`);
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxAnswerLength) break;
  }
  return text;
}

function readCredentials(text: string): Credentials | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = (name: string, pattern: RegExp): string | undefined => {
    const value: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, name) : undefined;
    return typeof value === "string" && pattern.test(value) ? value : undefined;
  };
  const accessKey = read("accessKey", /^\w{1,128}$/);
  const secretKey = read("secretKey", /^[\x21-\x7e]+$/);
  const sessionToken = read("sessionToken", /^[\x21-\x7e]+$/);
  if (accessKey === undefined || secretKey === undefined || sessionToken === undefined) return undefined;
  const region = read("region", /^[a-z0-9-]+$/) ?? usual.region;
  const iotEndpoint = read("iotEndpoint", /^[a-z0-9.-]+$/i) ?? usual.iotEndpoint;
  // A host such as 1.2.3.999 would break what is made of it.
  if (!URL.canParse(`wss://${iotEndpoint}/`)) return undefined;
  return { accessKey, secretKey, sessionToken, region, iotEndpoint };
}

/** Not the error itself: what a fetch says of a request may quote its headers. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)
    ? code
    : "a fault of the network, or a redirect";
}

function unavailable(message: string, details?: { readonly cause: unknown }): BackendError {
  return new BackendError("ERR_KEY_SOURCE_UNAVAILABLE", message, details);
}

function refused(status: number): ConfigError {
  return new ConfigError("ERR_CREDENTIALS_REFUSED", `InPlayer does not take the access token: it answered ${status}.`, {
    help: "It may have expired: give accessToken as a function that answers with the token of the moment.",
  });
}
