import pRetry from "p-retry";

import type { ChipApiOptions } from "../api-options.ts";
import { ChipApiError } from "./chip-api-error.ts";
import type { ChipWebhook } from "./chip-webhook.ts";
import { createChipApi } from "./create-chip-api.ts";
import type { ChipWebhooks } from "./create-chip-api.ts";
import { toWireWebhook } from "./webhook-input.ts";
import type { ChipEventChoice, ChipWebhookInput } from "./webhook-input.ts";

/** Which webhook there is to be. */
export type EnsureWebhookOptions = ChipApiOptions &
  ChipEventChoice & {
    /** Where CHIP delivers to. The webhook is found again by it. */
    readonly callback: string;
    /**
     * The title of a new webhook, and which to take when several have the callback. It does not make a second webhook
     * for a callback that has one: that one is taken whatever its title is. Default: `Hooklatch`.
     */
    readonly title?: string;
  };

/** The webhook there is now. */
export interface EnsuredWebhook {
  /** For the provider: `chip({ ...keys })`. The webhook's own key comes first, then those of `others`. */
  readonly keys: { readonly publicKey: readonly string[] };
  readonly webhook: ChipWebhook;
  /** What was done: the events of a webhook that was there are updated when they differ. */
  readonly action: "found" | "created" | "updated";
  /** More webhooks with the same callback, the oldest first. They deliver to it too, and are left as they are. */
  readonly others: readonly ChipWebhook[];
}

/**
 * Sees to it that CHIP delivers these events to this callback, and answers with the keys that prove them.
 *
 * A webhook with the callback is looked for first, also after a fault that leaves open whether one was made: so it may
 * be called again and again, and makes no second one. Two calls at the same time may.
 *
 * @example
 *   const { keys } = await ensureWebhook({ token, callback: "https://shop.example/webhooks/chip", allEvents: true });
 *   const payments = createReceiver({ provider: chip({ ...keys }) });
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_OPTION_INVALID`, before anything is sent
 * @throws {ChipApiError} when CHIP does not do it
 */
export async function ensureWebhook(options: EnsureWebhookOptions): Promise<EnsuredWebhook> {
  const { webhooks } = createChipApi(options);
  const wanted = { ...options, title: options.title ?? "Hooklatch" };
  toWireWebhook(wanted);
  return pRetry(() => findOrCreate(webhooks, wanted, options.title), {
    retries: 2,
    minTimeout: 500,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof ChipApiError && error.mayHaveSucceeded,
  });
}

async function findOrCreate(
  webhooks: ChipWebhooks,
  wanted: ChipWebhookInput,
  title: string | undefined,
): Promise<EnsuredWebhook> {
  const sameCallback = (await webhooks.list()).filter(({ callback }) => isSameAddress(callback, wanted.callback));
  const oldestFirst = sameCallback.toSorted((one, other) => compare(one.createdAt, other.createdAt));
  const found = oldestFirst.find((webhook) => webhook.title === title) ?? oldestFirst[0];
  if (found === undefined) return toEnsured(await webhooks.create(wanted), "created", []);
  const others = oldestFirst.filter((webhook) => webhook !== found);
  if (hasChoice(found, wanted)) return toEnsured(found, "found", others);
  return toEnsured(await webhooks.update(found.id, choiceOf(wanted)), "updated", others);
}

function toEnsured(
  webhook: ChipWebhook,
  action: EnsuredWebhook["action"],
  others: readonly ChipWebhook[],
): EnsuredWebhook {
  return { keys: { publicKey: [webhook, ...others].map(({ publicKey }) => publicKey) }, webhook, action, others };
}

/** A platform may write an address in its normal form, such as with a slash after the host. */
function isSameAddress(one: string, other: string): boolean {
  return one === other || (URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href);
}

/** A time that is not known comes last. */
function compare(one = "~", other = "~"): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function hasChoice(webhook: ChipWebhook, { events, allEvents }: ChipEventChoice): boolean {
  if (allEvents === true) return webhook.allEvents;
  const names = new Set(webhook.events);
  return !webhook.allEvents && events.length === names.size && events.every((name) => names.has(name));
}

function choiceOf({ events, allEvents }: ChipEventChoice): ChipEventChoice {
  return allEvents === true ? { allEvents } : { events };
}
