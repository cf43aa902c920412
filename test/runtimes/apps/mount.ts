import { setTimeout as sleep } from "node:timers/promises";

import { createAdapterProbe } from "@hooklatch/conformance/adapter-probe";
import type { ProbeSetup } from "@hooklatch/conformance/adapter-probe";
import { createReceiver } from "@hooklatch/core";
import type { OutcomeReport, Provider, Receiver, ReceiverOptions } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";

/** A receiver at a path of an app in another process: plain data, which goes there as JSON. */
export interface MountSetup {
  readonly path: string;
  readonly secret: string;
  readonly options?: Pick<ReceiverOptions, "bodyTimeoutMs" | "maxBodyBytes" | "maxInFlight">;
  /** How long the handler takes. */
  readonly handlerMs?: number;
  /** Has the handler fail. */
  readonly isBroken?: boolean;
  /** Has the secret come from a resolver that takes so long. */
  readonly resolverMs?: number;
  /** Answers every proven delivery with this text. */
  readonly challenge?: string;
  /** Has the app pass nothing but the request, no `waitUntil`. */
  readonly isForgetful?: boolean;
  /** Has the app read the body before the receiver does. */
  readonly behind?: "parser";
}

/** A receiver of the suite that all adapters must pass, at a path of an app in another process. */
export interface ProbeMount {
  readonly path: string;
  readonly probe: ProbeSetup;
  readonly behind?: "parser";
  readonly isForgetful?: false;
}

/** A receiver, and what it has told so far. */
export interface Mounted {
  readonly setup: MountSetup | ProbeMount;
  readonly receiver: Pick<Receiver, "receive">;
  readonly told: Told;
}

/** What a test asks the app for, over HTTP. */
export interface Told {
  /** The address of every sender, as soon as the receiver is given the delivery; null where the host told none. */
  readonly senders: (string | null)[];
  /** Path and query of each, as the receiver is given them. */
  readonly urls: string[];
  /** What became of the deliveries that are done. */
  readonly outcomes: OutcomeReport["outcome"][];
}

const probes = new Map<string, Receiver>();

/** Makes the receiver that a setup describes. Runs in Bun, Deno and workerd as it is. */
export function mount(setup: MountSetup | ProbeMount): Mounted {
  const told: Told = { senders: [], urls: [], outcomes: [] };
  if ("probe" in setup) {
    // Two mounts of one name are one receiver.
    const probe = probes.get(setup.probe.name) ?? createAdapterProbe(setup.probe);
    probes.set(setup.probe.name, probe);
    return { setup, told, receiver: probe };
  }
  const receiver = createReceiver({
    ...setup.options,
    provider: providerOf(setup),
    onOutcome: ({ outcome }) => void told.outcomes.push(outcome),
  });
  receiver.on("*", async () => {
    if (setup.handlerMs !== undefined) await sleep(setup.handlerMs);
    if (setup.isBroken === true) throw new Error("no stock");
  });
  return {
    setup,
    told,
    receiver: {
      receive(incoming) {
        told.senders.push(incoming.remoteAddress ?? null);
        told.urls.push(incoming.url);
        return receiver.receive(incoming);
      },
    },
  };
}

function providerOf({ secret, resolverMs, challenge }: MountSetup): Provider {
  return {
    name: "acme",
    scheme: hmac({
      header: "x-acme-signature",
      encoding: "hex",
      content: "{header:x-acme-id}.{timestamp}.{body}",
      timestamp: { header: "x-acme-time" },
      prefix: "sha256=",
      secrets: resolverMs === undefined ? secret : () => sleep(resolverMs, secret),
    }),
    body: "json",
    maxBodyBytes: 1024 * 1024,
    retryHorizonMs: 86_400_000,
    describe: (body, delivery) => ({ id: delivery.header("x-acme-id"), type: body["type"], payload: body }),
    ...(challenge === undefined
      ? undefined
      : {
          handshake: () => ({ status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: challenge }),
        }),
  };
}
