import type { RequestListener, Server } from "node:http";

import type { AdapterHost, AdapterMount, RunningAdapterHost } from "@hooklatch/conformance/adapter";
import type { Receiver } from "@hooklatch/core";

import { expressHosts } from "./hosts/express.ts";
import { fastifyHosts } from "./hosts/fastify.ts";
import { honoHost } from "./hosts/hono.ts";
import { koaHosts } from "./hosts/koa.ts";
import { lambdaV1Host, lambdaV2Host } from "./hosts/lambda.ts";
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
   * Payload format 2.0 of Lambda joins them too.
   */
  readonly isFetchStyle: boolean;
  /**
   * Whether a gateway takes in the whole body, of a few megabytes at most, before the adapter hears of the request. Slow
   * senders, senders that go away and bodies that never end are then the gateway's to deal with, and not ours.
   */
  readonly isBehindGateway: boolean;
  /** Whether the host hands on JSON as a text: then bytes that are no UTF-8 end as `ERR_BODY_CONSUMED`, with U+FFFD. */
  readonly handsOnText: boolean;
  /** Whether that text has lost its byte order mark: then such a body ends as `ERR_BODY_CONSUMED`, too. */
  readonly dropsMark?: boolean;
  /** Whether a parser in front takes what it cannot inflate for broken JSON, and the app answers 400. */
  readonly hasStrictParser?: boolean;
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
  lambdaV1Host,
  lambdaV2Host,
];

/** The hosts without a parser in front. All of them go through every attack that can reach their adapter. */
export const hosts: readonly Host[] = adapterHosts.map((host) => toHost(host));

/** The hosts that have a socket's own stream, and can leave a body unread. */
export const streamingHosts: readonly Host[] = hosts.filter(({ isBehindGateway }) => !isBehindGateway);

/** The hosts that have read the body already and hand over the bytes they kept, or in Koa a text. */
export const hostsBehindParser: readonly Host[] = [
  ...expressHosts.map((host) => toHostBehindParser(host)),
  ...fastifyHosts.map((host) => ({ ...toHostBehindParser(host), hasStrictParser: true })),
  ...koaHosts.map((host) => ({
    ...toHostBehindParser(host),
    handsOnText: true,
    dropsMark: true,
    hasStrictParser: true,
  })),
];

function toHostBehindParser(host: AdapterHost): Host {
  return { ...toHost(host, "parser-that-keeps-bytes"), name: `${host.name} behind a parser` };
}

function toHost(host: AdapterHost, behind?: AdapterMount["behind"]): Host {
  return {
    name: host.name,
    isFetchStyle: host === honoHost || host === lambdaV2Host,
    isBehindGateway: host === lambdaV1Host || host === lambdaV2Host,
    handsOnText: host === lambdaV2Host,
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
