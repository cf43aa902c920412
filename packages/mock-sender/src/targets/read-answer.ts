import type { Reply } from "@hooklatch/core";
import { errorCodes } from "@hooklatch/core/errors";
import type { ErrorCode, Outcome } from "@hooklatch/core/errors";

import type { Answer } from "./target.ts";

/** The outcomes that are accepted with a 2xx. All others come with an error code. */
const accepted: readonly unknown[] = ["handled", "duplicate", "ignored"] satisfies Outcome[];

/** Reads what became of a delivery out of the HTTP reply: `{"outcome":"handled"}` or `{"error":"ERR_…"}`. */
export function readAnswer(reply: Reply): Answer {
  const body = parseObject(reply.body);
  if (reply.status >= 200 && reply.status < 300) {
    return { reply, outcome: isAccepted(body.outcome) ? body.outcome : undefined, code: undefined };
  }
  const code = isErrorCode(body.error) ? body.error : undefined;
  return { reply, outcome: code === undefined ? undefined : errorCodes[code].outcome, code };
}

/** A fetch `Response` as a reply. */
export async function toReply(response: Response): Promise<Reply> {
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

function parseObject(text: string): { readonly outcome?: unknown; readonly error?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function isAccepted(value: unknown): value is Outcome {
  return accepted.includes(value);
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(errorCodes, value);
}
