import type { WebhookError } from "./errors.ts";
import type { OutcomeReport } from "./outcome-report.ts";
import { printable } from "./printable.ts";

/**
 * Writes one line to standard error for each delivery that was not accepted; the default `onOutcome`. Text from outside
 * is made printable, so that no event type or id can forge a line.
 */
export function logOutcome(report: OutcomeReport): void {
  if (report.conflict) console.warn(`${head(report)} had another body before; the first one is kept`);
  if (report.error === undefined) return;
  const line = `${head(report)} ${report.outcome} ${report.status} ${report.error.code}: ${describe(report.error)}`;
  if (report.outcome === "failed" || report.outcome === "unavailable" || report.outcome === "invalid") {
    console.error(line);
  } else {
    console.warn(line);
  }
}

/**
 * An `onOutcome` for development: writes what `logOutcome` writes, and below the line of a refused delivery a second one
 * that says why. Not for production, where every stranger's delivery would cost up to some thirty verifications.
 */
export async function logOutcomeWithCause(report: OutcomeReport): Promise<void> {
  logOutcome(report);
  const diagnosis = await report.explain?.();
  if (diagnosis === undefined) return;
  console.warn(`${head(report)} why: ${diagnosis.cause}: ${printable(diagnosis.message, 600)}`);
}

function head({ provider, endpoint, eventType, eventId, attempt }: OutcomeReport): string {
  const event = eventType === undefined ? "" : ` ${printable(eventType)} ${printable(eventId ?? "")}`;
  return `[hooklatch] ${provider}/${printable(endpoint)}${event}${attempt === undefined ? "" : ` attempt ${attempt}`}`;
}

function describe({ message, help, cause }: WebhookError): string {
  return `${printable(message, 400)} ${help}${cause === undefined ? "" : ` Cause: ${describeCause(cause)}`}`;
}

/** A chain of causes can be a ring. */
const maxCauses = 4;

function describeCause(cause: unknown, depth = 1): string {
  if (!(cause instanceof Error)) return `a thrown ${typeof cause}`;
  const frame = /\n\s+(at .+)/.exec(cause.stack ?? "")?.[1];
  const below = cause.cause === undefined || depth === maxCauses ? "" : ` ← ${describeCause(cause.cause, depth + 1)}`;
  return `${printable(`${cause.name}: ${cause.message}`, 300)}${frame === undefined ? "" : ` (${printable(frame, 200)})`}${below}`;
}
