import { parseForm, readOnlyField } from "../body/form.ts";
import { parseJson } from "../body/json.ts";
import { decodeText } from "../body/text.ts";
import type { Delivery } from "../delivery.ts";
import { RejectedError, WebhookError } from "../errors.ts";
import type { WebhookEvent } from "../event.ts";
import { isPromise } from "../is-promise.ts";
import { withoutMessage } from "../printable.ts";
import type { BodyObject, EventDescription, Provider } from "../provider.ts";
import { toId } from "../read-id.ts";
import type { Reply } from "../reply.ts";

/** What a verified body turned out to be: an event, or a platform's test of the endpoint with its answer. */
export type Message = ReadEvent | { readonly handshake: Reply };

interface ReadEvent {
  readonly event: WebhookEvent;
  /** For how long the id stands for this event, where its provider says so. */
  readonly keepMs?: number;
}

/**
 * Step 4: bytes to text to values to an event. Only now is anything decoded.
 *
 * @throws {RejectedError} `ERR_BODY_NOT_UTF8`, `ERR_BODY_MALFORMED`, `ERR_BODY_NOT_OBJECT`, `ERR_EVENT_…`
 */
export function parse(delivery: Delivery, provider: Provider<unknown>): Message | Promise<Message> {
  const text = decodeText(delivery.body);
  const body = provider.body === "form" ? parseForm(text) : parseJson(readOnlyField(text, provider.jsonField) ?? text);
  assertObject(body);
  const read = (handshake: Reply | undefined): Message => {
    if (handshake === undefined) return toMessage(provider.describe(body, delivery));
    assertReply(handshake);
    return { handshake };
  };
  try {
    const handshake = provider.handshake?.(body, delivery);
    return isPromise(handshake) ? parseLater(handshake, read, provider) : read(handshake);
  } catch (cause) {
    throw toRefusal(cause, provider);
  }
}

async function parseLater(
  handshake: PromiseLike<Reply | undefined>,
  read: (handshake: Reply | undefined) => Message,
  provider: Provider<unknown>,
): Promise<Message> {
  try {
    return read(await handshake);
  } catch (cause) {
    throw toRefusal(cause, provider);
  }
}

function toRefusal(cause: unknown, provider: Provider<unknown>): Error {
  if (cause instanceof WebhookError) return cause;
  return new RejectedError("ERR_EVENT_UNREADABLE", `The provider ${provider.name} could not read the body.`, {
    cause: withoutMessage(cause),
  });
}

function assertObject(body: unknown): asserts body is BodyObject {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return;
  throw new RejectedError("ERR_BODY_NOT_OBJECT", "The body is signed correctly, but it is not a JSON object.");
}

function toMessage(description: EventDescription): ReadEvent {
  const event = toEvent(description);
  const { keepMs } = description;
  if (keepMs === undefined) return { event };
  // A store would forget such an event at once, or never.
  if (!(Number.isSafeInteger(keepMs) && keepMs > 0)) {
    throw new RejectedError("ERR_EVENT_UNREADABLE", "The provider's keepMs for this event is no whole number above 0.");
  }
  return { event, keepMs };
}

/** A reply with a line break in a header, or with no status, would end the process when it is written. */
function assertReply({ status, headers, body }: Reply): void {
  const isPlain = Object.entries(headers).every(([name, value]) => /^[\w-]+$/.test(name) && /^[ -~]*$/.test(value));
  if (Number.isInteger(status) && status >= 200 && status < 300 && isPlain && typeof body === "string") return;
  throw new RejectedError(
    "ERR_EVENT_UNREADABLE",
    "The provider's answer to a handshake is not a reply that can be sent.",
  );
}

function toEvent({ id, type, payload, occurredAtMs }: EventDescription): WebhookEvent {
  if (typeof type !== "string" || type.trim() === "" || !type.isWellFormed()) {
    throw new RejectedError("ERR_EVENT_TYPE_INVALID", "The event's type is missing or not a string.");
  }
  const event = { id: toId(id, "id"), type, payload };
  // Beyond this range a Date has no ISO form.
  const isDate = occurredAtMs !== undefined && Math.abs(occurredAtMs) <= 8.64e15;
  return isDate ? { ...event, occurredAt: new Date(occurredAtMs).toISOString() } : event;
}
