import { ConfigError } from "@hooklatch/core/errors";

import type { OpenWord } from "../chip-object.ts";
import type { ChipEventType } from "../events.ts";

/** What a new webhook is made of. */
export type ChipWebhookInput = ChipEventChoice & {
  /** For people. At most 100 characters. */
  readonly title: string;
  /** Where CHIP delivers to: an http or https address of at most 500 characters. */
  readonly callback: string;
};

/** What is to change in a webhook; at least one thing. */
export type ChipWebhookChanges = (ChipEventChoice | { readonly events?: never; readonly allEvents?: never }) & {
  readonly title?: string;
  readonly callback?: string;
};

/** Which events a webhook delivers: some, each named once, or all, those that CHIP adds later included. */
export type ChipEventChoice =
  | { readonly events: readonly ChipEventName[]; readonly allEvents?: never }
  | { readonly allEvents: true; readonly events?: never };

/** An event's name; any text, since CHIP may know more than this version does. */
export type ChipEventName = OpenWord<ChipEventType>;

/** What the API is sent. */
export interface WireWebhook {
  readonly title?: string;
  readonly callback?: string;
  readonly events?: readonly string[];
  readonly all_events?: boolean;
}

const maxTitleLength = 100;
const maxCallbackLength = 500;

/**
 * Checks a whole webhook against the limits that CHIP documents, so that a mistake shows before anything is sent.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function toWireWebhook(input: ChipWebhookInput): WireWebhook {
  return { title: readTitle(input.title), callback: readCallback(input.callback), ...readChoice(input) };
}

/**
 * Checks the changes of a webhook in the same way.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function toWireChanges(changes: ChipWebhookChanges): WireWebhook {
  const { title, callback, events, allEvents } = changes;
  const wire = {
    ...(title === undefined ? {} : { title: readTitle(title) }),
    ...(callback === undefined ? {} : { callback: readCallback(callback) }),
    ...(events === undefined && allEvents === undefined ? {} : readChoice(changes)),
  };
  if (Object.keys(wire).length === 0) throw invalid("The changes of the webhook are empty.");
  return wire;
}

function readTitle(title: unknown): string {
  if (typeof title !== "string" || title.trim() === "") throw invalid("title is missing or blank.");
  return readLength(title, "title", maxTitleLength);
}

function readCallback(callback: unknown): string {
  const protocol = typeof callback === "string" ? URL.parse(callback)?.protocol : undefined;
  if (typeof callback !== "string" || (protocol !== "https:" && protocol !== "http:")) {
    throw invalid("callback is not an http or https address, such as https://shop.example/webhooks/chip.");
  }
  return readLength(callback, "callback", maxCallbackLength);
}

function readLength(text: string, name: string, max: number): string {
  // Counted as CHIP's side most likely does: in characters, not in UTF-16 units.
  const { length } = Array.from(text);
  if (length > max) throw invalid(`${name} has ${length} characters; CHIP allows ${max}.`);
  return text;
}

function readChoice({ events, allEvents }: { readonly events?: unknown; readonly allEvents?: unknown }): WireWebhook {
  if (allEvents === true && events === undefined) return { all_events: true };
  if (allEvents !== undefined && allEvents !== false) {
    throw invalid(events === undefined ? "allEvents can only be true." : "Give events or allEvents, not both.");
  }
  // Said each time: a webhook that delivers all events would else go on to do so.
  return { all_events: false, events: readEvents(events) };
}

function readEvents(events: unknown): readonly string[] {
  if (!Array.isArray(events) || events.length === 0) {
    throw invalid("events is missing or empty. Name at least one event, or give allEvents: true.");
  }
  const names = events.map((name: unknown, index) => {
    if (typeof name === "string" && name.trim() !== "") return name;
    throw invalid(`events[${index}] is not the name of an event, such as "purchase.paid".`);
  });
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw invalid(`events holds ${JSON.stringify(twice)} twice.`);
  return names;
}

function invalid(message: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", message);
}
