import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** A header line: its name and its value. */
export type HeaderLine = readonly [name: string, value: string];

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** A TCP connection on which a test writes its HTTP byte by byte. */
export interface RawConnection {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): void;
  /** The next answer on this connection. Rejects when the connection ends without one. */
  answer(): Promise<RawAnswer>;
  /** Resolves when the other side has ended the connection. */
  readonly closed: Promise<void>;
}

/** Opens a connection to a port of 127.0.0.1. */
export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  let received = Buffer.alloc(0);
  let failure: Error | undefined;
  let ended = false;
  let wake = (): void => {};
  socket.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    wake();
  });
  socket.on("error", (error) => (failure = error));
  const closed = new Promise<void>((resolve) => {
    const onEnd = (): void => {
      ended = true;
      wake();
      resolve();
    };
    socket.on("end", onEnd).on("close", onEnd);
  });
  await once(socket, "connect");
  return {
    socket,
    closed,
    write: (bytes) => void socket.write(bytes),
    async answer() {
      for (;;) {
        const found = takeAnswer(received);
        if (found !== undefined) {
          received = received.subarray(found.length);
          return found.answer;
        }
        if (ended) throw new Error(`The connection ended without an answer: ${failure?.message ?? "no error"}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

/** The head of a request, its blank line included. */
export function requestHead(lines: readonly HeaderLine[], { method = "POST", path = "/hook" } = {}): string {
  const all: readonly HeaderLine[] = [["host", "localhost"], ...lines];
  return `${method} ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** Sends one request on a connection of its own and answers with what came back. */
export async function sendRaw(port: number, ...pieces: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const connection = await openRaw(port);
  try {
    for (const piece of pieces) connection.write(piece);
    return await connection.answer();
  } finally {
    connection.socket.destroy();
  }
}

function takeAnswer(received: Buffer): { readonly answer: RawAnswer; readonly length: number } | undefined {
  const headLength = received.indexOf("\r\n\r\n") + 4;
  if (headLength < 4) return undefined;
  const [statusLine = "", ...lines] = received.toString("latin1", 0, headLength - 4).split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = headLength + Number(headers.get("content-length") ?? 0);
  if (received.length < length) return undefined;
  const text = received.toString("utf8", headLength, length);
  return { answer: { status: Number(statusLine.split(" ")[1]), headers, text }, length };
}
