import { randomUUID } from "node:crypto";

import { createReceiver, memoryStore, toIncomingDelivery } from "@hooklatch/core";

// Has a receiver handle a million events, and tells its parent what the heap grew by, in bytes. In a process of its own,
// run with --expose-gc. The ids are like CHIP's (the keys made of them have about 80 characters) or UUIDs.

const ids = 1_000_000;
const types = ["purchase.paid", "purchase.created", "payment.refunded", "payout.success"];

let made = 0;
const nextId = process.argv[2] === "chip" ? nextChipId : randomUUID;

function nextChipId(): string {
  const type = types[made % types.length] ?? "";
  return [randomUUID(), type].map(encodeURIComponent).join("/") + `/${1_790_000_000 + made++}`;
}

const store = memoryStore({ maxIds: ids });
const receiver = createReceiver({
  store,
  provider: {
    name: "chip",
    // Keeps the million short: what is measured is what stays behind, not the way there.
    scheme: { headers: [], verify: (delivery) => delivery.body },
    body: "json",
    maxBodyBytes: 1024,
    retryHorizonMs: 86_400_000,
    describe: (body) => ({ id: nextId(), type: "order.paid", payload: body }),
  },
}).on("*", () => {});

const incoming = toIncomingDelivery({ headers: { "content-type": "application/json" }, body: Buffer.from("{}") });
const before = settledHeap();
for (let index = 0; index < ids; index++) await receiver.receive(incoming);
const after = settledHeap();
if (store.size !== ids) throw new Error(`The store holds ${store.size} ids, not ${ids}.`);
process.send?.(after - before);

function settledHeap(): number {
  for (let time = 0; time < 3; time++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
