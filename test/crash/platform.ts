import { setTimeout as sleep } from "node:timers/promises";

import { deliver } from "./provider.ts";
import type { Chore } from "./provider.ts";
import type { Random } from "./random.ts";
import type { Workers } from "./workers.ts";

/** What the platform knows in the end. */
export interface Sent {
  /** The events that were answered with a 2xx. */
  readonly acknowledged: readonly string[];
  readonly deliveries: number;
}

interface PlatformOptions {
  readonly workers: Workers;
  readonly secret: string;
  readonly random: Random;
  /** Takes down which events fail in which attempts. */
  readonly failing: Map<string, readonly number[]>;
  /** Whether new events still happen. */
  readonly goesOn: () => boolean;
}

/** How many events are on their way at a time. */
const lanes = 12;

/**
 * Sends events as a platform does: each until it is answered with a 2xx, to any worker; some in two copies at once, and some
 * again although they were acknowledged.
 */
export async function runPlatform({ workers, secret, random, failing, goesOn }: PlatformOptions): Promise<Sent> {
  const acknowledged: string[] = [];
  let deliveries = 0;

  const sendOnce = async (chore: Chore, draw: Random): Promise<boolean> => {
    deliveries++;
    const status = await deliver(await workers.port(draw.between(0, 99)), chore, secret);
    return status !== undefined && status >= 200 && status < 300;
  };
  const sendUntilAcknowledged = async (chore: Chore, draw: Random): Promise<void> => {
    while (!(await sendOnce(chore, draw))) await sleep(draw.between(50, 250));
  };
  const lane = async (name: number, draw: Random): Promise<void> => {
    for (let round = 0; goesOn(); round++) {
      const chore = createChore(`${name}.${round}`, draw);
      failing.set(chore.id, chore.failsIn);
      // How often a copy is sent depends on the moment, what comes after it in this lane must not.
      const copies = Array.from({ length: draw.chance(0.2) ? 2 : 1 }, () => draw.fork());
      const [isSentAgain, again] = [draw.chance(0.1), draw.fork()];
      await Promise.all(copies.map((each) => sendUntilAcknowledged(chore, each)));
      acknowledged.push(chore.id);
      if (isSentAgain) await sendOnce(chore, again);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, name) => lane(name, random.fork())));
  return { acknowledged, deliveries };
}

function createChore(id: string, random: Random): Chore {
  // One in fifty takes longer than a lease.
  const isLong = random.chance(0.02);
  return {
    id,
    type: "chore.due",
    beforeMs: random.between(0, 20),
    afterMs: isLong ? 3_000 : random.between(0, 40),
    failsIn: random.chance(0.1) ? [1] : [],
  };
}
