import type { Receiver } from "@hooklatch/core";
import { onTestFinished } from "vitest";

import type { Host, RunningHost } from "./hosts.ts";

/** Starts a host for the length of one test. */
export async function start(host: Host, receiver: Pick<Receiver, "receive">): Promise<RunningHost> {
  const running = await host.start(receiver);
  onTestFinished(() => running.close());
  return running;
}
