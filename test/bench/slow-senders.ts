import { connect } from "node:net";
import type { Socket } from "node:net";

import { connections, load, startApp } from "./load.ts";
import { median, toRatio } from "./measure.ts";
import { createOrders } from "./orders.ts";
import { ratioRow } from "./row.ts";
import type { Row } from "./row.ts";
import { signatureHeader } from "./shop-receiver.ts";

const senders = 500;
const rounds = 14;
const warmUp = 3;
const perRound = 3_000;

/** What a good delivery waits while five hundred connections send a byte now and then, against what it waits alone. */
export async function benchSlowSenders(): Promise<readonly Row[]> {
  const server = await startApp("node:http", "receiver");
  const [alone, among]: [number[], number[]] = [[], []];
  try {
    for (let round = 0; round < rounds + warmUp; round++) {
      for (const isCrowded of round % 2 === 0 ? [false, true] : [true, false]) {
        const crowd = isCrowded ? await openSlowSenders(server.url) : [];
        const waited = await p99(server);
        for (const socket of crowd) socket.destroy();
        if (round >= warmUp) (isCrowded ? among : alone).push(waited);
      }
    }
  } finally {
    server.process.disconnect();
  }
  const ratio = toRatio(alone.map((quiet, round) => quiet / (among[round] ?? Number.NaN)));
  const told = `p99 ${median(alone).toFixed(2)} ms alone, ${median(among).toFixed(2)} ms among ${senders}`;
  return [ratioRow("node:http, a good delivery among slow senders", told, ratio, 1 / 1.1)];
}

async function p99(server: Awaited<ReturnType<typeof startApp>>): Promise<number> {
  const bodies = createOrders(perRound + 2 * connections, 1024);
  return (await load(server, bodies, perRound)).p99Ms;
}

/** Each has sent a head and a first byte, and goes on with one byte a second; the receiver waits for the rest. */
function openSlowSenders(url: string): Promise<readonly Socket[]> {
  const { port, pathname } = new URL(url);
  const head = [
    `POST ${pathname} HTTP/1.1`,
    "host: localhost",
    "content-type: application/json",
    "content-length: 1000",
    `${signatureHeader}: ${"0".repeat(64)}`,
  ].join("\r\n");
  const open = async (): Promise<Socket> => {
    const socket = connect({ port: Number(port), host: "127.0.0.1" });
    socket.on("error", () => {}); // it is refused in the end, as it should be
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write(`${head}\r\n\r\n{`);
    const timer = setInterval(() => socket.write(" "), 1000);
    socket.once("close", () => clearInterval(timer));
    return socket;
  };
  return Promise.all(Array.from({ length: senders }, open));
}
