import type { Fetch, FetchAnswer } from "../fetch.ts";

/** A real certificate has about 2 KiB. */
const maxAnswerBytes = 16 * 1024;

/** SNS itself waits for 15 seconds. */
const fetchTimeoutMs = 5_000;

/**
 * Fetches a short text and follows nothing. Rejects unless the answer is a whole 200 in time; no error it rejects with
 * quotes the address or the answer.
 */
export function fetchText(fetch: Fetch, url: string): Promise<string> {
  const deadline = new AbortController();
  return new Promise((resolve, reject) => {
    // Rejects by itself: a `fetch` that ignores its signal must not hold a delivery for longer.
    const timer = setTimeout(() => {
      const error = new Error(`AWS did not answer within ${fetchTimeoutMs} ms.`);
      deadline.abort(error);
      reject(error);
    }, fetchTimeoutMs);
    void ask(fetch, url, deadline.signal)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}

async function ask(fetch: Fetch, url: string, signal: AbortSignal): Promise<string> {
  const { status, redirected, body } = await send(fetch, url, signal);
  if (redirected === true) throw new Error("AWS redirected, which is not followed.");
  if (status !== 200) throw new Error(`AWS answered ${status}.`);
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw new Error(`AWS answered with more than ${maxAnswerBytes} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function send(fetch: Fetch, url: string, signal: AbortSignal): Promise<FetchAnswer> {
  try {
    return await fetch(url, { method: "GET", redirect: "error", signal });
  } catch {
    // Not its cause: what a fetch says of a request may quote the address, which for a confirmation holds a token.
    throw new Error("AWS could not be reached: a network fault, or a redirect, which is not followed.");
  }
}
