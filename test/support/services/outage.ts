import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import type { Outage } from "@hooklatch/conformance/store";

/** A way to a server that can be cut off. */
export interface Detour extends Outage {
  /** The URL of the server by this way. */
  readonly url: string;
  /** Lets nothing more through, or no answers, and breaks nothing: what was sent arrives once the way is mended. */
  readonly hold: (what: "everything" | "answers") => void;
  /**
   * Lets nothing more through on the connections there are, for good, and breaks nothing: their server has vanished. New
   * ones find another.
   */
  readonly strand: () => void;
  /** Leads new connections to another server. */
  readonly leadTo: (other: string) => void;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** Puts a way of its own in front of a server, on a free port of 127.0.0.1. */
export async function openDetour(target: string): Promise<Detour> {
  let { hostname, port } = new URL(target);
  const pairs = new Set<Pair>();
  const stranded = new Set<Pair>();
  let state: "open" | "cut" | "everything" | "answers" = "open";
  const guide = ({ near, far }: Pair): void => {
    near.unpipe(far).pause();
    far.unpipe(near).pause();
    if (state !== "everything") near.pipe(far);
    if (state === "open") far.pipe(near);
  };
  const server = createServer((near) => {
    if (state === "cut") {
      near.destroy();
      return;
    }
    const pair = { near, far: connect({ host: hostname, port: Number(port) }) };
    pairs.add(pair);
    for (const socket of [pair.near, pair.far]) {
      socket
        .on("error", () => {})
        .once("close", () => {
          pairs.delete(pair);
          stranded.delete(pair);
          pair.near.destroy();
          pair.far.destroy();
        });
    }
    guide(pair);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  // A server that listens on TCP has an address of this kind.
  url.port = String((server.address() as AddressInfo).port);
  const breakAll = (): void => {
    for (const { near, far } of [...pairs, ...stranded]) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    url: url.href,
    async cut() {
      state = "cut";
      breakAll();
    },
    hold(what) {
      state = what;
      pairs.forEach(guide);
    },
    strand() {
      for (const pair of pairs) {
        pair.near.unpipe(pair.far).pause();
        pair.far.unpipe(pair.near).pause();
        stranded.add(pair);
      }
      pairs.clear();
    },
    leadTo(other) {
      ({ hostname, port } = new URL(other));
    },
    async mend() {
      state = "open";
      pairs.forEach(guide);
    },
    async close() {
      server.close();
      breakAll();
      await once(server, "close");
    },
  };
}
