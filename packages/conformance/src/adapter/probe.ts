import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { createReceiver } from "@hooklatch/core";
import type { Provider, Receiver, Reply, Scheme } from "@hooklatch/core";
import { hmac, ipAllowlist, sharedSecret } from "@hooklatch/core/schemes";

/** Where a probe's signature stands: hex of the HMAC-SHA256 of the body. */
export const signatureHeader = "x-probe-signature";

/** What a receiver of the suite is made of: plain data, so that it can be sent to another process. */
export interface ProbeSetup {
  /** Two mounts with one name are one receiver. */
  readonly name: string;
  readonly secret: string;
  /** How deliveries are proven: by a signature, by the secret in the query as `key`, or by the address they come from. */
  readonly proof?: "signature" | "query" | "address";
  /** The addresses that prove a delivery, where that is its proof. */
  readonly addresses?: readonly string[];
  readonly maxBodyBytes?: number;
  readonly bodyTimeoutMs?: number;
}

/** What a probe says it was handed over, in answer to an event of the type `probe.tell`. */
export interface Told {
  readonly url: string;
  readonly remoteAddress: string | null;
  /** How many events have been handled. */
  readonly handled: number;
  /** The text of the event, given back. */
  readonly say: string;
}

/**
 * Makes the receiver that the suite talks to. Events have an `id` and a `type`: `probe.ok` is handled, `probe.fail` fails,
 * `probe.slow` takes 300 ms, and `probe.tell` is answered with what reached the receiver. Runs on every runtime.
 */
export function createAdapterProbe(setup: ProbeSetup): Receiver {
  const { name, maxBodyBytes = 64 * 1024, bodyTimeoutMs = 10_000 } = setup;
  let handled = 0;
  const provider: Provider = {
    name: "probe",
    scheme: schemeOf(setup),
    body: "json",
    maxBodyBytes,
    retryHorizonMs: 60_000,
    describe: ({ id, type, ...payload }) => ({ id, type, payload }),
    handshake: ({ type, say = "" }, { url, remoteAddress = null }) =>
      type === "probe.tell" ? toReply({ url, remoteAddress, handled, say: String(say) }) : undefined,
  };
  return createReceiver({ provider, endpoint: name, maxBodyBytes, bodyTimeoutMs, onOutcome: () => {} })
    .on("probe.ok", () => void handled++)
    .on("probe.fail", () => Promise.reject(new Error("a failure that nobody may see")))
    .on("probe.slow", async () => {
      await sleep(300);
      handled++;
    });
}

/** The signature of a body under a probe's secret. */
export function signProbe(body: Uint8Array, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

function schemeOf({ proof = "signature", secret, addresses = [] }: ProbeSetup): Scheme {
  if (proof === "query") return sharedSecret({ in: "query", name: "key", secrets: secret });
  if (proof === "address") return ipAllowlist({ addresses });
  return hmac({ header: signatureHeader, encoding: "hex", secrets: secret });
}

function toReply(told: Told): Reply {
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body: JSON.stringify(told) };
}
