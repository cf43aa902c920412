import { createReceiver } from "../create-receiver.ts";
import { memoryStore } from "../memory-store.ts";
import type { OutcomeReport } from "../outcome-report.ts";
import type { ReceiverOptions } from "../receiver.ts";
import type { Store } from "../store.ts";
import { TestClock } from "./test-clock.ts";
import { shop } from "./test-provider.ts";
import type { ShopEvents } from "./test-provider.ts";

/** What a test changes about the receiver it talks to. */
interface Changes extends Partial<Omit<ReceiverOptions<ShopEvents>, "store">> {
  /** Methods that take the place of the memory store's. */
  readonly store?: Partial<Store> | ((memory: Store) => Partial<Store>);
}

/** A receiver for the shop on a clock that only the test moves, with everything that can be looked at. */
export function testReceiver({ store: methods, ...options }: Changes = {}) {
  const clock = new TestClock();
  const memory: Store = memoryStore({ clock, maxIds: 1000 });
  const store: Store = { ...memory, ...(typeof methods === "function" ? methods(memory) : methods) };
  const reports: OutcomeReport[] = [];
  const onOutcome = (report: OutcomeReport): void => void reports.push(report);
  const receiver = createReceiver<ShopEvents>({ provider: shop(), store, clock, onOutcome, ...options });
  return { receiver, clock, store, reports };
}
