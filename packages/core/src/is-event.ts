import type { WebhookEvent } from "./event.ts";

/**
 * Whether an event is of one type, for handlers of `*` and functions given to `use`: there an event may be of a type that
 * the event map does not know, so `event.type === "…"` alone does not tell the compiler what the payload is.
 *
 * @example
 *   if (isEvent(event, "purchase.paid")) await fulfil(event.payload.reference);
 */
export function isEvent<Event extends WebhookEvent, Type extends string>(
  event: Event,
  type: Type,
): event is Extract<Event, { readonly type: Type }> {
  return event.type === type;
}
