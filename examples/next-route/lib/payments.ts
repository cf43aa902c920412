import { createReceiver } from "@hooklatch/core";
import { chip } from "@hooklatch/providers/chip";

import { ship } from "./orders.ts";

/**
 * Made once, when this module is loaded, and never inside a request: its store is what remembers the events that were
 * handled.
 */
export const payments = createReceiver({ provider: chip({ publicKey: readPublicKey }) });

payments.on("purchase.paid", async ({ payload }) => ship(payload.reference));

/** Asked when the first delivery comes, because `next build` loads this module too, on a machine that has no key. */
async function readPublicKey(): Promise<string> {
  const pem = process.env["CHIP_PUBLIC_KEY"];
  if (!pem) throw new Error("CHIP_PUBLIC_KEY is not set.");
  return pem;
}
