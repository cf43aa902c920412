import { createReceiver } from "@hooklatch/core";

import { hosts } from "./hosts.ts";
import { acme } from "./signing.ts";

// A process of its own that measures itself: `node --expose-gc memory-server.ts <host> <maxBodyBytes>`.
const [hostName, maxBodyBytes] = process.argv.slice(2);
const host = hosts.find(({ name }) => name === hostName);
const collect = globalThis.gc;
if (host === undefined || collect === undefined) throw new Error("usage: --expose-gc <host> <maxBodyBytes>");

const receiver = createReceiver({
  provider: acme.provider,
  maxBodyBytes: Number(maxBodyBytes),
  bodyTimeoutMs: 60_000,
  onOutcome: () => {},
}).on("*", () => {});
const { url } = await host.start(receiver);

let startBytes = 0;
let peakBytes = 0;
const sample = (): void => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
};

process.on("message", (message) => {
  if (message === "mark") {
    collect();
    startBytes = process.memoryUsage.rss();
    setInterval(sample, 5);
  }
  sample();
  process.send?.(peakBytes - startBytes);
});
process.send?.(url);
