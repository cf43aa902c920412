import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A way to Postgres that breaks at the next COMMIT. */
export interface CommitCutter {
  /** The URL of the server by this way. */
  readonly url: string;
  /** Breaks the next connection that commits: before the server hears of it, or before its answer comes back. */
  cutNext(when: "before" | "after"): void;
  close(): Promise<void>;
}

/** Puts a way of its own in front of a server, on a free port of 127.0.0.1. */
export async function openCommitCutter(target: string): Promise<CommitCutter> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let cut: "before" | "after" | undefined;
  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) });
    let isLast = false;
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one
        .on("error", () => {})
        .once("close", () => {
          sockets.delete(one);
          other.destroy();
        });
    }
    near.on("data", (bytes) => {
      const isCut = cut !== undefined && /commit/i.test(bytes.toString("latin1"));
      const when = cut;
      if (isCut) cut = undefined;
      if (isCut && when === "before") return void near.destroy();
      isLast ||= isCut;
      return void far.write(bytes);
    });
    far.on("data", (bytes) => (isLast ? near.destroy() : near.write(bytes)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  // A server that listens on TCP has an address of this kind.
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutNext: (when) => void (cut = when),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
