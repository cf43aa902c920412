import { createHmac } from "node:crypto";

import { createReceiver, defineProvider, toIncomingDelivery } from "@hooklatch/core";
import type { Receiver, WebhookEvent } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";
import { expect, test } from "vitest";

import { OnWebhook } from "./on-webhook.ts";
import { registerHandlers } from "./register-handlers.ts";
import type { Discovered } from "./register-handlers.ts";

interface Events {
  readonly "order.paid": { readonly type: string; readonly id: string };
}

const provider = defineProvider<Events>({
  name: "acme",
  scheme: hmac({ header: "x-signature", encoding: "hex", secrets: "acme-secret-0001" }),
  body: "json",
  retryHorizonMs: 86_400_000,
});

function makeReceiver(): Receiver<Events> {
  return createReceiver({ provider, onOutcome: () => {} });
}

let lastId = 0;

/** What became of an event that has not been sent before. */
async function deliver(receiver: Receiver<Events>, type = "order.paid"): Promise<string> {
  const body = JSON.stringify({ id: String(++lastId), type });
  const headers = {
    "content-type": "application/json",
    "x-signature": createHmac("sha256", "acme-secret-0001").update(body).digest("hex"),
  };
  return (await receiver.receive(toIncomingDelivery({ method: "POST", url: "/", headers, body: Buffer.from(body) })))
    .outcome;
}

/** A class whose methods are handlers of a receiver, as the compiler would decorate it. */
function makeHandlers(
  receiver: string | Receiver<Events>,
): new (journal: string[]) => { paid(event: WebhookEvent): void } {
  class Handlers {
    readonly #journal: string[];
    constructor(journal: string[]) {
      this.#journal = journal;
    }
    paid({ type }: WebhookEvent): void {
      this.#journal.push(type);
    }
  }
  const method = Object.getOwnPropertyDescriptor(Handlers.prototype, "paid") ?? expect.unreachable();
  OnWebhook<Events, "order.paid">(receiver, "order.paid")(Handlers.prototype, "paid", method);
  return Handlers;
}

function discovered(instance: unknown, rest: Partial<Discovered> = {}): Discovered {
  return {
    name: "Handlers",
    instance,
    metatype: undefined,
    isTransient: false,
    isDependencyTreeStatic: () => true,
    ...rest,
  };
}

/** The methods of a class, inherited ones included, as Nest lists them. */
function methodNames(prototype: object): string[] {
  const parent: unknown = Object.getPrototypeOf(prototype);
  const inherited = typeof parent === "object" && parent !== null ? methodNames(parent) : [];
  return [...Object.getOwnPropertyNames(prototype).filter((name) => name !== "__proto__"), ...inherited];
}

function register(receiver: Receiver<Events>, found: readonly Discovered[]): void {
  registerHandlers(found, { receivers: [{ name: "orders", path: "/orders", receiver }], methodNames });
}

test("registers marked methods of instances, by the receiver's name or the receiver", async () => {
  const receiver = makeReceiver();
  const journal: string[] = [];
  const ByName = makeHandlers("orders");
  const ByObject = makeHandlers(receiver);
  register(receiver, [discovered(new ByName(journal)), discovered(new ByObject(journal))]);
  expect(await deliver(receiver)).toBe("handled");
  expect(journal).toEqual(["order.paid", "order.paid"]);
  expect(await deliver(receiver, "order.other")).toBe("ignored");
});

test("finds marked methods that a class inherits", async () => {
  const receiver = makeReceiver();
  const journal: string[] = [];
  class Derived extends makeHandlers("orders") {}
  register(receiver, [discovered(new Derived(journal))]);
  expect(await deliver(receiver)).toBe("handled");
  expect(journal).toHaveLength(1);
});

test("registers once when the app is made twice, and calls the newer instance", async () => {
  const receiver = makeReceiver();
  const first: string[] = [];
  const second: string[] = [];
  const Handlers = makeHandlers("orders");
  register(receiver, [discovered(new Handlers(first))]);
  register(receiver, [discovered(new Handlers(second))]);
  expect(await deliver(receiver)).toBe("handled");
  expect([first.length, second.length]).toEqual([0, 1]);
});

test("registers with each of two receivers that two apps have", async () => {
  const journal: string[] = [];
  const Handlers = makeHandlers("orders");
  const receivers = [makeReceiver(), makeReceiver()];
  for (const receiver of receivers) register(receiver, [discovered(new Handlers(journal))]);
  for (const receiver of receivers) expect(await deliver(receiver)).toBe("handled");
  expect(journal).toHaveLength(2);
});

test("takes one instance under two tokens once, and refuses two instances of one class", async () => {
  const receiver = makeReceiver();
  const journal: string[] = [];
  const Handlers = makeHandlers("orders");
  const instance = new Handlers(journal);
  register(receiver, [discovered(instance), discovered(instance)]);
  await deliver(receiver);
  expect(journal).toHaveLength(1);
  expect(() => register(receiver, [discovered(instance), discovered(new Handlers([]))])).toThrow(
    "OnWebhook: Handlers is provided twice",
  );
});

test("refuses a receiver that is not mounted", () => {
  const receiver = makeReceiver();
  const Other = makeHandlers("payments");
  expect(() => register(receiver, [discovered(new Other([]))])).toThrow(
    'OnWebhook: Handlers has a handler for the receiver "payments", which HooklatchModule does not mount.',
  );
  const ByObject = makeHandlers(makeReceiver());
  expect(() => register(receiver, [discovered(new ByObject([]))])).toThrow("has a handler for a receiver, which");
});

test("refuses a class without one instance for the life of the app", () => {
  const receiver = makeReceiver();
  const Handlers = makeHandlers("orders");
  const message = "OnWebhook: Handlers is request-scoped or transient";
  const prototype: object = Handlers.prototype;
  const blank: unknown = Object.create(prototype); // what Nest keeps of such a class
  for (const wrapper of [
    discovered(blank, { isDependencyTreeStatic: () => false }),
    discovered(undefined, { metatype: Handlers, isDependencyTreeStatic: () => false }),
    discovered(undefined, { metatype: Handlers }),
    discovered(blank, { isTransient: true }),
  ]) {
    expect(() => register(receiver, [wrapper])).toThrow(message);
  }
});

test("passes over everything else that an app provides", () => {
  const bare: unknown = Object.create(null);
  const found = [undefined, null, 1, "text", {}, [], bare, () => 1].map((instance) => discovered(instance));
  expect(() => register(makeReceiver(), found)).not.toThrow();
});
