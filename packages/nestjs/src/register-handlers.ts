import type { Handler, WebhookEvent } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

import type { NestReceiver, ReceiverMount } from "./hooklatch-options.ts";
import { readHandlerMarks } from "./on-webhook.ts";
import type { HandlerMark } from "./on-webhook.ts";

/** What Nest's discovery tells about a provider or controller. */
export interface Discovered {
  readonly name: unknown;
  readonly instance: unknown;
  readonly metatype: unknown;
  readonly isTransient: boolean;
  isDependencyTreeStatic(): boolean;
}

/** The object whose methods are called, replaced when a test makes the app again. */
interface Owner {
  instance: object;
}

// A receiver cannot forget a handler, so a second app in the same process takes over the handlers of the first.
const ownersOf = new WeakMap<NestReceiver, WeakMap<object, Owner>>();

/**
 * Registers every method that `OnWebhook` marks with the receiver it names. In a second app of the same process, the
 * classes of the first are called on their new instances and not registered again.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` for a receiver that is not mounted, for a class that has no single instance
 */
export function registerHandlers(
  discovered: Iterable<Discovered>,
  {
    receivers,
    methodNames,
  }: { readonly receivers: readonly ReceiverMount[]; readonly methodNames: (prototype: object) => string[] },
): void {
  const instances = new Map<object, object>();
  for (const wrapper of discovered) {
    const prototype = prototypeOf(wrapper);
    if (prototype === undefined) continue;
    const marked = methodNames(prototype).flatMap((method) =>
      // A prototype is looked at by names which it has.
      readHandlerMarks((prototype as Record<string, unknown>)[method]).map((mark) => ({ method, mark })),
    );
    if (marked.length === 0) continue;

    const instance = instanceOf(wrapper);
    if ((instances.get(prototype) ?? instance) !== instance) {
      throw invalid(
        wrapper,
        "is provided twice, and would handle every event twice. Provide it in one module, export it",
      );
    }
    if (instances.has(prototype)) continue;
    instances.set(prototype, instance);

    const owners = new Map<NestReceiver, Owner | undefined>();
    for (const { method, mark } of marked) {
      const receiver = findReceiver(receivers, mark) ?? refuse(wrapper, mark);
      if (!owners.has(receiver)) owners.set(receiver, claim(receiver, prototype, instance));
      const owner = owners.get(receiver);
      if (owner === undefined) continue;
      receiver.on(mark.pattern, { name: `${String(wrapper.name)}.${method}`, ...mark.options }, (event, context) => {
        // The decorator takes methods of this type only.
        const methods = owner.instance as Record<string, Handler<WebhookEvent, unknown>>;
        return methods[method]?.(event, context);
      });
    }
  }
}

/** Answers with the new owner where handlers are to be registered; hands over to the instance where they are. */
function claim(receiver: NestReceiver, prototype: object, instance: object): Owner | undefined {
  const owners = ownersOf.get(receiver) ?? new WeakMap<object, Owner>();
  ownersOf.set(receiver, owners);
  const known = owners.get(prototype);
  if (known !== undefined) {
    known.instance = instance;
    return undefined;
  }
  const owner = { instance };
  owners.set(prototype, owner);
  return owner;
}

function prototypeOf({ instance, metatype }: Discovered): object | undefined {
  // What Nest has not made yet has its class alone.
  const prototype: unknown = isObject(instance)
    ? Object.getPrototypeOf(instance)
    : typeof metatype === "function"
      ? metatype.prototype
      : undefined;
  return isObject(prototype) && prototype !== Object.prototype ? prototype : undefined;
}

function instanceOf(wrapper: Discovered): object {
  if (!wrapper.isDependencyTreeStatic() || wrapper.isTransient || !isObject(wrapper.instance)) {
    throw invalid(
      wrapper,
      "is request-scoped or transient, or needs a provider that is: a delivery is no request of Nest's",
    );
  }
  return wrapper.instance;
}

function findReceiver(receivers: readonly ReceiverMount[], { receiver }: HandlerMark): NestReceiver | undefined {
  return receivers.find((mount) => (typeof receiver === "string" ? mount.name : mount.receiver) === receiver)?.receiver;
}

function refuse(wrapper: Discovered, { receiver }: HandlerMark): never {
  const which = typeof receiver === "string" ? `the receiver ${JSON.stringify(receiver)}` : "a receiver";
  throw invalid(wrapper, `has a handler for ${which}, which HooklatchModule does not mount`);
}

function invalid({ name }: Discovered, what: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", `OnWebhook: ${String(name)} ${what}.`);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
