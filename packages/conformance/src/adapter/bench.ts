import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";

import type { AdapterHost, AdapterMount } from "./host.ts";
import { send } from "./http-client.ts";
import type { Answer, Sending } from "./http-client.ts";
import { createAdapterProbe, signatureHeader, signProbe } from "./probe.ts";
import type { ProbeSetup, Told } from "./probe.ts";

/** A receiver of a case, and what to send to it. */
export interface Endpoint {
  readonly path: string;
  readonly url: string;
  readonly setup: ProbeSetup;
  /** The headers that prove a body. */
  sign(body: Uint8Array): Readonly<Record<string, string>>;
  /** Sends a body with its proof. */
  deliver(body: Uint8Array, changes?: Sending): Promise<Answer>;
  /** What the receiver says it was handed over. */
  tell(changes?: Sending & { readonly query?: string; readonly say?: string }): Promise<Told>;
}

/** An app that runs for one case. */
export interface Bench {
  readonly url: string;
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  readonly stop: () => Promise<void>;
}

/** What a case wants of a mount beside a receiver with a secret of its own. */
export type MountWish = Partial<Omit<ProbeSetup, "secret">> & Pick<AdapterMount, "behind"> & { readonly path?: string };

/** Starts the host with a receiver for each wish, has the case run, and ends the host whatever comes of it. */
export async function withHost(
  host: AdapterHost,
  wishes: readonly [MountWish, ...MountWish[]],
  run: (bench: Bench) => Promise<void>,
): Promise<void> {
  const [wish, ...wishesLeft] = wishes;
  const first = toMount(wish);
  const others = wishesLeft.map((each) => (each.name === first.setup.name ? { ...first, ...each } : toMount(each)));
  const running = await host.start([first, ...others]);
  try {
    const endpoints = [toEndpoint(first, running.url), ...others.map((each) => toEndpoint(each, running.url))] as const;
    await run({ url: running.url, endpoints, stop: () => running.stop() });
  } finally {
    await running.kill();
  }
}

/** The body of an event. */
export function eventBody(type: string, more: Readonly<Record<string, unknown>> = {}): Buffer {
  return Buffer.from(JSON.stringify({ id: randomBytes(8).toString("hex"), type, ...more }));
}

/** Asserts on an answer in whole: a refused sender learns a code and nothing else. */
export function assertAnswer(answer: Answer, status: number, told: string, what: string): void {
  const expected = status < 400 ? `{"outcome":"${told}"}` : `{"error":"${told}"}`;
  assert.deepEqual([answer.status, answer.text], [status, expected], `The answer to ${what} is not the receiver's.`);
}

type Mount = AdapterMount & { readonly setup: ProbeSetup };

function toMount({ path = "/hook", behind, ...wish }: MountWish): Mount {
  const setup = { name: path, secret: randomBytes(16).toString("hex"), ...wish };
  return { path, setup, receiver: createAdapterProbe(setup), ...(behind === undefined ? {} : { behind }) };
}

function toEndpoint({ path, setup }: Mount, base: string): Endpoint {
  const url = base + path;
  const sign = (body: Uint8Array): Readonly<Record<string, string>> => ({
    "content-type": "application/json",
    [signatureHeader]: signProbe(body, setup.secret),
  });
  const deliver = (body: Uint8Array, changes: Sending = {}, at = url): Promise<Answer> =>
    send(at, { body, ...changes, headers: { ...sign(body), ...changes.headers } });
  return {
    path,
    url,
    setup,
    sign,
    deliver,
    async tell({ query = "", say = "", ...changes } = {}) {
      const answer = await deliver(eventBody("probe.tell", { say }), changes, url + query);
      assert.equal(answer.status, 200, `A delivery that is good was answered ${answer.status}: ${answer.text}`);
      // What the probe makes its reply of.
      return JSON.parse(answer.text) as Told;
    },
  };
}
