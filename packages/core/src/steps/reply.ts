import { errorCodes } from "../errors.ts";
import type { Outcome, WebhookError } from "../errors.ts";
import type { Reply } from "../reply.ts";

const json = { "content-type": "application/json" } as const;

/** When to try again where nothing better is known. */
const defaultRetryMs = 5_000;

/** The outcomes without an error. Only a sender that proved itself is told which one. */
const accepted = {
  handled: { status: 200, headers: json, body: '{"outcome":"handled"}' },
  duplicate: { status: 200, headers: json, body: '{"outcome":"duplicate"}' },
  ignored: { status: 200, headers: json, body: '{"outcome":"ignored"}' },
} as const satisfies Partial<Record<Outcome, Reply>>;

/** Step 8: what to tell the sender of a delivery that was accepted. */
export function replyTo(outcome: keyof typeof accepted): Reply {
  return accepted[outcome];
}

/** Step 8: what to tell the sender of a delivery that was not accepted: the error's code and nothing else of it. */
export function replyToError({ code, status, retryAfterMs }: WebhookError): Reply {
  const headers: Record<string, string> = { ...json };
  if (status === 405) headers["allow"] = "POST";
  if (errorCodes[code].family === "backend") {
    headers["retry-after"] = String(Math.max(1, Math.ceil((retryAfterMs ?? defaultRetryMs) / 1000)));
  }
  return { status, headers, body: `{"error":"${code}"}` };
}
