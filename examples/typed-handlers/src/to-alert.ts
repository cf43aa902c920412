import { BackendError, HandlerError } from "@hooklatch/core/errors";
import type { OutcomeReport } from "@hooklatch/core";
import type { WebhookError } from "@hooklatch/core/errors";

/** Who is to be woken for an outcome, and what they are told. The class of an error says who must act. */
export function toAlert({ provider, eventType, outcome, error }: OutcomeReport): string | undefined {
  if (outcome === "busy") return undefined; // a copy of an event that is still running: it passes by itself
  if (error instanceof HandlerError) return `developers: ${provider} ${eventType}: ${reasonOf(error)}`;
  if (error instanceof BackendError) return `operators: ${provider}: ${reasonOf(error)}`;
  return undefined; // a RejectedError is for the sender, and no error is for nobody
}

/** Our message names the handler, the cause is what it or a store threw: any value. */
function reasonOf({ cause, message }: WebhookError): string {
  return cause instanceof Error ? `${message} ${cause.message}` : message;
}
