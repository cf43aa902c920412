import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A TCP connection on which a case writes its HTTP byte by byte. */
export interface RawConnection {
  write(bytes: string | Uint8Array): void;
  /** The status of the first answer. Rejects when none comes in time, or the connection ends without one. */
  status(withinMs?: number): Promise<number>;
  /** Resolves when the other side has ended the connection. Rejects when it does not in time. */
  closed(withinMs?: number): Promise<void>;
  destroy(): void;
}

/** Opens a connection to the host of a URL. */
export async function openRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const answered = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<void>();
  let received = "";
  socket.on("data", (bytes) => {
    received += bytes.toString("latin1");
    const [, status] = /^HTTP\/1\.1 (\d{3})[^]*?\r\n\r\n/.exec(received) ?? [];
    if (status !== undefined) answered.resolve(Number(status));
  });
  socket.on("error", () => {}); // tells itself by the close that follows
  socket.on("close", () => {
    ended.resolve();
    answered.reject(new Error("The connection ended without an answer."));
  });
  answered.promise.catch(() => {}); // not every case asks for it
  await once(socket, "connect");
  return {
    write: (bytes) => void socket.write(bytes),
    status: (withinMs = 5_000) => within(answered.promise, withinMs, "No answer came"),
    closed: (withinMs = 5_000) => within(ended.promise, withinMs, "The connection was not ended"),
    destroy: () => void socket.destroy(),
  };
}

/** The head of a request, its blank line included. */
export function requestHead(path: string, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries({ host: "localhost", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

async function within<Value>(work: Promise<Value>, ms: number, what: string): Promise<Value> {
  const ending = new AbortController();
  const late = async (): Promise<never> => {
    await sleep(ms, undefined, { signal: ending.signal });
    throw new Error(`${what} within ${ms} ms.`);
  };
  const waiting = late();
  waiting.catch(() => {}); // cancelled when the work is first
  try {
    return await Promise.race([work, waiting]);
  } finally {
    ending.abort();
  }
}
