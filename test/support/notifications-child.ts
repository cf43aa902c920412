import { setTimeout as sleep } from "node:timers/promises";

import { createReceiver } from "@hooklatch/core";
import { connectNotifications } from "@hooklatch/inplayer-notifications";
import { inplayerNotifications } from "@hooklatch/providers/inplayer-notifications";

// An app in a process of its own that counts and measures itself: `node --expose-gc notifications-child.ts <credentials> <handlerMs> <maxQueuedBytes>`.
const [credentials = "{}", handlerMs = "0", maxQueuedBytes = "0"] = process.argv.slice(2);
const collect = globalThis.gc;
if (collect === undefined) throw new Error("usage: --expose-gc <credentials> <handlerMs> <maxQueuedBytes>");

/** What the app knows of its messages and its memory. */
export interface NotificationsTally {
  readonly handled: number;
  readonly lost: number;
  readonly other: number;
  /** How much the process has grown at its peak since it was marked. */
  readonly grownBytes: number;
}

let [handled, lost, other] = [0, 0, 0];
const receiver = createReceiver({
  provider: inplayerNotifications(),
  onOutcome: ({ outcome }) => void (outcome === "handled" ? handled++ : other++),
}).on("*", async () => {
  if (handlerMs !== "0") await sleep(Number(handlerMs));
});
const connection = connectNotifications({
  // What the mock of the parent process is reached with.
  ...(JSON.parse(credentials) as Omit<Parameters<typeof connectNotifications>[0], "receiver">),
  receiver,
  maxQueuedBytes: Number(maxQueuedBytes),
  onLost: () => void lost++,
});
await connection.ready;

let startBytes = 0;
let peakBytes = 0;
const sample = (): void => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
};

process.on("message", (question) => {
  if (question === "mark") {
    collect();
    startBytes = peakBytes = process.memoryUsage.rss();
    setInterval(sample, 5);
  }
  sample();
  process.send?.({ handled, lost, other, grownBytes: peakBytes - startBytes } satisfies NotificationsTally);
});
process.send?.("ready");
