import type { Receiver } from "@hooklatch/core";

import type { ProbeSetup } from "./probe.ts";

/**
 * A framework, with an adapter for it mounted. The suite drives it over HTTP and knows nothing of its inside.
 *
 * Beside the mounts, every host serves three routes of its own, with its own means, so that the suite can see that they
 * still work: `GET /own/hello` answers `hello`; `POST /own/echo` reads JSON with the host's own parser and answers
 * `{"own":<what it read>}`; `GET /own/fail` throws, and the host's own error handler answers 418 with `{"own":"error"}`.
 */
export interface AdapterHost {
  /** Framework and major version, such as `Koa 3`. */
  readonly name: string;
  /** Starts an app on a free port of 127.0.0.1. */
  start(mounts: readonly AdapterMount[]): Promise<RunningAdapterHost>;
}

/** A receiver at a path of an app, for every method. */
export interface AdapterMount {
  readonly path: string;
  readonly receiver: Pick<Receiver, "receive">;
  /**
   * What the suite has made the receiver of. A host in another process makes the same with `createAdapterProbe`; mounts
   * with equal names in their setups MUST share one receiver.
   */
  readonly setup?: ProbeSetup;
  /**
   * Puts the host's own body parser in front of the receiver: one that leaves no bytes behind, or one that keeps them
   * where the adapter finds them. A host that has no such parser MUST reject its start.
   */
  readonly behind?: "parser" | "parser-that-keeps-bytes";
}

/** An app that listens. */
export interface RunningAdapterHost {
  /** Scheme, host and port, such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Ends the app as its framework's documentation says: no new connections, open requests are answered. */
  stop(): Promise<void>;
  /** Ends the app at once, open connections included. */
  kill(): Promise<void>;
}
