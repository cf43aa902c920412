import type { MockEvent } from "../../mock-platform.ts";
import type { Destination } from "./outbox.ts";
import type { ChipMode, WebhookBook } from "./webhook-book.ts";

/** Where an event goes: the webhooks of its world that ask for it, and the success callback of a purchase paid. */
export function destinationsOf(event: MockEvent, mode: ChipMode, book: WebhookBook): readonly Destination[] {
  const webhooks = book
    .list(mode)
    .filter(({ fields }) => fields.all_events || fields.events.includes(event.type))
    .map(({ id }): Destination => ({
      name: id,
      webhookId: id,
      // Looked up for each attempt: it may have been changed or deleted since.
      resolve() {
        const entry = book.find(mode, id);
        return entry && { url: entry.fields.callback, signer: entry.signer };
      },
    }));
  const callback = successCallbackOf(event);
  if (callback === undefined) return webhooks;
  const signer = book.company(mode);
  return [...webhooks, { name: callback, webhookId: undefined, resolve: () => ({ url: callback, signer }) }];
}

/** Whose event it is. An event that an override robbed of its id is one of an object of its own. */
export function objectIdOf({ payload, moment }: MockEvent): string {
  return textOf(payload, "id") ?? moment.uuid("nobody");
}

/** CHIP calls it when a purchase is paid, captured, or charged with a saved card; in both cases it is one of these. */
function successCallbackOf({ type, payload }: MockEvent): string | undefined {
  return type === "purchase.paid" || type === "purchase.captured" ? textOf(payload, "success_callback") : undefined;
}

function textOf(payload: unknown, name: string): string | undefined {
  const value: unknown = typeof payload === "object" && payload !== null ? Reflect.get(payload, name) : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}
