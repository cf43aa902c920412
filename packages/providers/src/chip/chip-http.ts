import type { Fetch, FetchAnswer, FetchRequest } from "../fetch.ts";

/** What came back, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** `undefined`: longer than was allowed. */
  readonly text: string | undefined;
}

/** No answer at all. Its text quotes neither the request nor the error underneath, which may quote the token. */
export class NetworkFault extends Error {
  override readonly name = "NetworkFault";
  /** Such as `ECONNREFUSED`; `undefined` when none is known. */
  readonly code: string | undefined;

  constructor(code: string | undefined) {
    super(`could not be reached (${code ?? "a network fault, or a redirect, which is not followed"})`);
    this.code = code;
  }
}

/**
 * Sends one request and reads the whole answer.
 *
 * @throws {NetworkFault} when there is no answer, or it breaks off
 */
export async function exchange(
  fetch: Fetch,
  url: string,
  request: FetchRequest,
  maxAnswerBytes: number,
): Promise<HttpAnswer> {
  try {
    const { status, body } = await fetch(url, request);
    return { status, text: await readText(body, maxAnswerBytes) };
  } catch (error) {
    throw new NetworkFault(codeOf(error));
  }
}

/** Not the error itself: what a fetch says of a request may quote its headers. */
function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : undefined;
}

/** Leaving the loop cancels the rest. */
async function readText(body: FetchAnswer["body"], maxBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** JSON as a value; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Rejects at the deadline even if a `fetch` ignores its signal. No timer is left behind. */
export function withinDeadline<Value>(
  deadlineMs: number,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const deadline = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = late();
      deadline.abort(error);
      reject(error);
    }, deadlineMs);
    void work(deadline.signal)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}
