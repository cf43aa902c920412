import type { RequestListener, Server } from "node:http";

import type { AdapterHost, AdapterMount, RunningAdapterHost } from "./adapter-host.ts";
import type { Receiver } from "@hooklatch/core";

import { expressHosts } from "./hosts/express.ts";
import { fastifyHosts } from "./hosts/fastify.ts";
import { honoHost } from "./hosts/hono.ts";
import { koaHosts } from "./hosts/koa.ts";
import { nestHosts } from "./hosts/nest.ts";
import { nodeHttpHost } from "./hosts/node-http.ts";
import { serve } from "./hosts/serve.ts";

// Every host mounts its receiver on this path, for all methods.
const hookPath = "/hook";

/** A web framework with a receiver mounted by our adapter for it. */
export interface Host {
  readonly name: string;
  /**
   * Whether the framework hands on a `Request`: repeated headers are then joined into one value, which the schemes of
   * these tests refuse as malformed, and it is the framework that ends the connection of a body that nobody reads.
   */
  readonly isFetchStyle: boolean;
  start(receiver: Pick<Receiver, "receive">): Promise<RunningHost>;
}

/** A host that listens on a free port of 127.0.0.1. */
export interface RunningHost {
  /** Where the receiver is mounted. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Every framework, in every major version, that runs in the process of the tests. An adapter is added here. */
export const adapterHosts: readonly AdapterHost[] = [
  ...expressHosts,
  ...fastifyHosts,
  ...koaHosts,
  honoHost,
  ...nestHosts,
  nodeHttpHost,
];

/** The hosts that give the receiver the request's own stream. All of them go through every attack. */
export const hosts: readonly Host[] = adapterHosts.map((host) => toHost(host));

/** The hosts that have read the body already and hand over the bytes they kept. */
export const hostsBehindParser: readonly Host[] = expressHosts.map((host) => ({
  ...toHost(host, "parser-that-keeps-bytes"),
  name: `${host.name} behind a parser`,
}));

function toHost(host: AdapterHost, behind?: AdapterMount["behind"]): Host {
  return {
    name: host.name,
    isFetchStyle: host === honoHost,
    async start(receiver) {
      const mount = { path: hookPath, receiver, ...(behind === undefined ? undefined : { behind }) };
      return toRunningHost(await host.start([mount]));
    },
  };
}

/** Has a request listener serve a free port of 127.0.0.1. */
export async function listen(listener: RequestListener | Server): Promise<RunningHost> {
  return toRunningHost(await serve(listener));
}

function toRunningHost(running: RunningAdapterHost): RunningHost {
  return { url: running.url + hookPath, port: Number(new URL(running.url).port), close: () => running.kill() };
}
