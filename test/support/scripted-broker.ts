import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

import { onTestFinished } from "vitest";

/**
 * What a broker answers to one packet of MQTT on its `connection`, the first of which is 1. `undefined`: nothing. `cut`
 * ends the connection behind the answer.
 */
export type BrokerScript = (packet: Buffer, connection: number, cut: () => void) => Buffer | undefined;

/** A broker that follows a script. */
export interface ScriptedBroker {
  readonly url: string;
  /** How many connections are open. */
  readonly open: number;
}

/** The first byte of the packets that a client sends. */
export const packets = { connect: 0x10, subscribe: 0x82, unsubscribe: 0xa2, ping: 0xc0, disconnect: 0xe0 } as const;

/** Answers as a good broker does. */
export function answerWell(packet: Buffer): Buffer | undefined {
  const id = packet.subarray(2, 4);
  if (packet[0] === packets.connect) return Buffer.from([0x20, 2, 0, 0]);
  if (packet[0] === packets.subscribe) return Buffer.from([0x90, 3, ...id, 0]);
  if (packet[0] === packets.unsubscribe) return Buffer.from([0xb0, 2, ...id]);
  return undefined;
}

/**
 * Starts a broker over WebSocket that does what real ones do only on bad days. It checks no signature, and knows only
 * frames and packets of less than 126 bytes.
 */
export async function startScriptedBroker(script: BrokerScript): Promise<ScriptedBroker> {
  const sockets = new Set<Duplex>();
  let count = 0;
  const server = createServer();
  server.on("upgrade", ({ headers }, socket: Duplex) => {
    const connection = ++count;
    sockets.add(socket);
    socket.on("close", () => void sockets.delete(socket)).on("error", () => socket.destroy());
    // A server of HTTP keeps its half open.
    socket.on("end", () => socket.end());
    const accept = createHash("sha1")
      .update(`${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n" +
        `sec-websocket-protocol: mqtt\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    const next = { frames: Buffer.alloc(0), bytes: Buffer.alloc(0) };
    socket.on("data", (chunk: Buffer) => {
      next.frames = Buffer.concat([next.frames, chunk]);
      readFrames(next);
      for (const packet of readPackets(next)) {
        let isOver = packet[0] === packets.disconnect;
        const answer = script(packet, connection, () => (isOver = true));
        if (answer !== undefined) socket.write(Buffer.from([0x82, answer.length, ...answer]));
        if (isOver) socket.end();
      }
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    // What a TCP server that listens has.
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mqtt`,
    get open() {
      return sockets.size;
    },
  };
}

interface Unread {
  frames: Buffer;
  bytes: Buffer;
}

/** Moves what whole frames hold to the bytes. A client's frames are masked. */
function readFrames(unread: Unread): void {
  for (;;) {
    const length = (unread.frames[1] ?? 0) & 0x7f;
    if (unread.frames.length < 6 + length) return;
    const mask = unread.frames.subarray(2, 6);
    const masked = unread.frames.subarray(6, 6 + length);
    const plain = masked.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    unread.bytes = Buffer.concat([unread.bytes, plain]);
    unread.frames = unread.frames.subarray(6 + length);
  }
}

function readPackets(unread: Unread): readonly Buffer[] {
  const found: Buffer[] = [];
  for (;;) {
    const length = 2 + (unread.bytes[1] ?? 0);
    if (unread.bytes.length < length) return found;
    found.push(unread.bytes.subarray(0, length));
    unread.bytes = unread.bytes.subarray(length);
  }
}
