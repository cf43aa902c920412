import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

import { describe, expect, onTestFinished, test } from "vitest";

import { streamingHosts } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { openRaw, requestHead } from "../support/raw-http.ts";
import type { RawConnection } from "../support/raw-http.ts";
import { acme } from "../support/signing.ts";
import type { SignedRequest } from "../support/signing.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

const MiB = 1024 * 1024;

failOnUnhandled();

// Some seconds each: the server is a process of its own, and a million chunks cost Node alone a second.
describe.each(streamingHosts)("$name", { timeout: 60_000 }, ({ name, isFetchStyle }) => {
  test("5: 300 MB without a length are refused, in less memory than twice the limit, and the connection ends", async () => {
    const limit = 64 * MiB;
    const server = await startServer(name, limit);
    const connection = await openRaw(server.port);
    const answered = connection.answer();

    connection.write(chunkedHead(acme.sign("{}")));
    await sendMany(connection, 300, "a".repeat(1_000_000));

    const answer = await answered;
    expect(answer).toMatchObject({ status: 413, text: '{"error":"ERR_BODY_TOO_LARGE"}' });
    if (!isFetchStyle) expect(answer.headers.get("connection")).toBe("close");
    await connection.closed;
    expect(await server.grownBytes()).toBeLessThan(2 * limit);
    expect((await post(server.url, acme.event())).status).toBe(200);
  });

  test("5b: a body of 1 MB in chunks of one byte takes less memory than ten times itself", async () => {
    const server = await startServer(name, 2 * MiB);
    const request = acme.sign(JSON.stringify({ type: "order.paid", note: "x".repeat(1_000_000) }));
    const connection = await openRaw(server.port);

    connection.write(chunkedHead(request));
    connection.write(inOneByteChunks(request.body));

    expect((await connection.answer()).status).toBe(200);
    expect(await server.grownBytes()).toBeLessThan(10 * request.body.length);
  });
});

/** A host in a process of its own, marked after it has served one delivery. */
async function startServer(hostName: string, maxBodyBytes: number) {
  const path = new URL("../support/memory-server.ts", import.meta.url).pathname;
  const child = fork(path, [hostName, String(maxBodyBytes)], {
    // With little room for garbage, what grows is what is held.
    execArgv: ["--expose-gc", "--max-semi-space-size=1"],
  });
  onTestFinished(() => void child.kill());
  const url = String(await nextMessage(child));
  expect((await post(url, acme.event())).status).toBe(200);
  const ask = async (question: "mark" | "report"): Promise<number> => {
    child.send(question);
    return Number(await nextMessage(child));
  };
  await ask("mark");
  return { url, port: Number(new URL(url).port), grownBytes: () => ask("report") };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const [message]: readonly unknown[] = await once(child, "message");
  return message;
}

function chunkedHead({ headers }: SignedRequest): string {
  return requestHead([...Object.entries(headers), ["transfer-encoding", "chunked"]]);
}

/** Sends chunks as fast as they are taken, until all are sent or the other side has ended the connection. */
async function sendMany({ socket, closed }: RawConnection, times: number, text: string): Promise<void> {
  const chunk = Buffer.from(`${text.length.toString(16)}\r\n${text}\r\n`);
  const ended = closed.then(() => "ended");
  for (let sent = 0; sent < times; sent++) {
    if (socket.write(chunk)) continue;
    const drained = new Promise((resolve) => socket.once("drain", resolve));
    if ((await Promise.race([drained, ended])) === "ended") return;
  }
  socket.write("0\r\n\r\n");
}

function inOneByteChunks(body: Buffer): Buffer {
  const last = "0\r\n\r\n";
  const wire = Buffer.alloc(body.length * 6 + last.length, "1\r\n \r\n");
  for (const [index, byte] of body.entries()) wire[index * 6 + 3] = byte;
  wire.write(last, body.length * 6);
  return wire;
}
