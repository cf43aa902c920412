import type { EventOf, EventPattern, Handler, HandlerOptions, Receiver, WebhookEvent } from "@hooklatch/core";
import { SetMetadata } from "@nestjs/common";
import { Reflector } from "@nestjs/core";

type Schema = HandlerOptions["schema"];

/** How a decorated method is registered: as with `receiver.on`. Its name is `Class.method` unless you say another. */
export type OnWebhookOptions<Validation extends Schema = Schema> = HandlerOptions<Validation>;

/** Any receiver of an event map: the decorator only asks which one it is. */
type AnyReceiver<Events, Transaction> = Pick<Receiver<Events, Transaction>, "provider" | "receive" | "use">;

/** A decorator for a method that takes such an event, and the handler's context. */
export type HandlerDecorator<Event, Transaction = undefined> = <Method extends Handler<Event, Transaction>>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/** The event that a method is given: with a schema, its payload is what the schema makes of it. */
type EventFor<Event, Validation> = Validation extends {
  readonly "~standard": { readonly types?: { readonly output: infer Output } | undefined };
}
  ? Event extends WebhookEvent<infer Type>
    ? WebhookEvent<Type, Output>
    : never
  : Event;

/**
 * Makes a method of an injectable class a handler of a receiver. `HooklatchModule` MUST have the receiver mounted: by
 * its name, or the object itself. The class MUST NOT be request-scoped or transient.
 */
export function OnWebhook<
  Events,
  Pattern extends EventPattern<Events>,
  Validation extends Schema = undefined,
  Transaction = undefined,
>(
  receiver: string | AnyReceiver<Events, Transaction>,
  pattern: Pattern,
  options: OnWebhookOptions<Validation> = {},
): HandlerDecorator<EventFor<EventOf<Events, Pattern>, Validation>, Transaction> {
  return (target, key, descriptor) => {
    const mark: HandlerMark = { receiver, pattern, options };
    // Decorators run from the last to the first; one method may have several.
    SetMetadata(marksKey, [mark, ...readHandlerMarks(descriptor.value)])(target, key, descriptor);
  };
}

/**
 * Makes a decorator for one receiver, typed by its events: `const OnPayment = createOnWebhook(payments)`, or
 * `createOnWebhook<ChipEvents>("payments")` where the receiver is made later.
 */
export function createOnWebhook<Events, Transaction = undefined>(
  receiver: string | AnyReceiver<Events, Transaction>,
): <Pattern extends EventPattern<Events>, Validation extends Schema = undefined>(
  pattern: Pattern,
  options?: OnWebhookOptions<Validation>,
) => HandlerDecorator<EventFor<EventOf<Events, Pattern>, Validation>, Transaction> {
  return (pattern, options) => OnWebhook(receiver, pattern, options);
}

const marksKey = "hooklatch:on-webhook";

/** What the decorator leaves on a method. */
export interface HandlerMark {
  readonly receiver: string | object;
  readonly pattern: string;
  readonly options: HandlerOptions;
}

/** The marks of a method, in the order they are written above it. */
export function readHandlerMarks(method: unknown): readonly HandlerMark[] {
  if (typeof method !== "function") return [];
  // The reflector only looks it up.
  return new Reflector().get<readonly HandlerMark[] | undefined, string>(marksKey, method as () => void) ?? [];
}
