import type { IncomingMessage } from "node:http";

import { toIncomingDelivery } from "@hooklatch/core";
import { readNodeRequest, writeNodeReply } from "@hooklatch/core/node";
import { expect, test } from "vitest";

import { hostWith } from "../test-support/broken-host.ts";
import type { Fault, Read } from "../test-support/broken-host.ts";
import { adapterConformance } from "./adapter-conformance.ts";
import { caseNames } from "./case-names.ts";
import type { AdapterCaseName } from "./case-names.ts";
import { createAdapterProbe } from "./probe.ts";

/** The whole body first, changed. */
const readWhole =
  (change: (body: Buffer) => Buffer, more: (request: IncomingMessage) => object = () => ({})): Read =>
  async (request) => ({
    ...readNodeRequest(request),
    body: change(Buffer.concat(await request.toArray())),
    ...more(request),
  });

let hasSeenAbort = false;

const faults: readonly (readonly [what: string, name: AdapterCaseName, fault: Fault])[] = [
  ["makes a text of the body", "exact-bytes", { read: readWhole((body) => Buffer.from(body.toString())) }],
  [
    "trims the body",
    "exact-bytes",
    { read: readWhole((body) => Buffer.from(body.toString("latin1").trim(), "latin1")) },
  ],
  [
    "drops a byte order mark",
    "exact-bytes",
    { read: readWhole((body) => (body[0] === 0xef ? body.subarray(3) : body)) },
  ],
  [
    "takes the first chunk for the body",
    "one-byte-chunks",
    {
      read: (request) =>
        new Promise((resolve) => {
          request.once("data", (chunk: Buffer) => resolve({ ...readNodeRequest(request), body: chunk }));
        }),
    },
  ],
  ["cuts a body at a megabyte", "large-body", { read: readWhole((body) => body.subarray(0, 1_000_000)) }],
  ["reads all of a body before anything else", "body-limit", { read: readWhole((body) => body) }],
  [
    "leaves the connection of a refused body to itself",
    "refused-connection",
    {
      write: (_request, response, { status, headers, body }) =>
        response.writeHead(status, { ...headers, connection: "keep-alive" }).end(body),
    },
  ],
  ["waits for a body that does not come", "slow-sender", { read: readWhole((body) => body) }],
  [
    "makes bytes of what the parser has left",
    "body-consumed",
    { read: (request) => ({ ...readNodeRequest(request), body: Buffer.from("{}") }) },
  ],
  [
    "writes a kept body anew",
    "kept-bytes",
    { read: (request) => ({ ...readNodeRequest(request), body: Buffer.from(JSON.stringify({ id: "kept-1" })) }) },
  ],
  [
    "finds headers only as they are spelt",
    "header-lines",
    {
      read: (request) => ({
        ...readNodeRequest(request),
        headerValues: (name) => request.rawHeaders.filter((_, at, all) => at % 2 === 1 && all[at - 1] === name),
      }),
    },
  ],
  [
    "takes the last one of a repeated header",
    "header-lines",
    {
      read(request) {
        const good = readNodeRequest(request);
        return { ...good, headerValues: (name) => good.headerValues(name).slice(-1) };
      },
    },
  ],
  [
    "gives up after a sender that goes away",
    "aborted-sender",
    {
      before(request, response) {
        request.on("error", () => (hasSeenAbort = true));
        if (hasSeenAbort) response.writeHead(503).end();
        return hasSeenAbort;
      },
    },
  ],
  [
    "counts characters",
    "reply-length",
    {
      write: (_request, response, { status, headers, body }) =>
        response.writeHead(status, { ...headers, "content-length": body.length }).end(body),
    },
  ],
  ["says POST whatever it was", "methods", { read: (request) => ({ ...readNodeRequest(request), method: "POST" }) }],
  [
    "takes everything under its path",
    "paths",
    { findMount: (mounts, path) => mounts.find((mount) => path.startsWith(mount.path)) },
  ],
  [
    "ends the connection after each answer",
    "keep-alive",
    {
      write(request, response, reply) {
        response.setHeader("connection", "close");
        writeNodeReply(request, response, reply);
      },
    },
  ],
  [
    "answers whatever the app gets",
    "own-routes",
    { findMount: (mounts, path) => mounts.find((mount) => mount.path === path) ?? mounts[0] },
  ],
  [
    "tells the sender why a handler failed",
    "handler-failure",
    {
      write(request, response, reply) {
        const isFailure = reply.status === 500;
        writeNodeReply(request, response, isFailure ? { ...reply, body: '{"error":"no stock"}' } : reply);
      },
    },
  ],
  [
    "sends every delivery to the first receiver",
    "two-receivers",
    { findMount: (mounts, path) => (path.startsWith("/own") ? undefined : mounts[0]) },
  ],
  [
    "hands on no query",
    "url",
    { read: (request) => readNodeRequest(request, { url: request.url?.split("?")[0] ?? "" }) },
  ],
  [
    "decodes the URL",
    "url",
    { read: (request) => readNodeRequest(request, { url: decodeURIComponent(request.url ?? "") }) },
  ],
  ["loses the query", "query-secret", { read: (request) => readNodeRequest(request, { url: "/hook" }) }],
  [
    "believes X-Forwarded-For",
    "remote-address",
    { read: (request) => ({ ...readNodeRequest(request), remoteAddress: String(request.headers["x-forwarded-for"]) }) },
  ],
  [
    "knows no address",
    "remote-address",
    { read: (request) => toIncomingDelivery({ headers: request.headers, body: readNodeRequest(request).body }) },
  ],
  [
    "makes a receiver anew for each request",
    "mounted-twice",
    {
      findMount(mounts, path) {
        const mount = mounts.find((each) => each.path === path);
        return mount?.setup && { ...mount, receiver: createAdapterProbe(mount.setup) };
      },
    },
  ],
  ["drops what is under way at its end", "shutdown", { stop: "at once" }],
  ["goes on after its end", "shutdown", { stop: "never" }],
];

test.concurrent.each(faults)("an adapter is found that %s", async (_what, name, fault) => {
  const found = adapterConformance({ host: hostWith(fault) }).find((each) => each.name.startsWith(`${name}:`));
  const outcome = await found?.run().catch((cause: unknown) => cause);
  expect(outcome).toBeInstanceOf(Error);
});

test.each([...new Set(faults.map(([, name]) => name))])(
  "the case %s passes an adapter without a fault",
  async (name) => {
    const found = adapterConformance({ host: hostWith({}) }).find((each) => each.name.startsWith(`${name}:`));
    expect(await found?.run()).toBeUndefined();
  },
);

test("every case finds a fault, but for what the HTTP parser of the host sees to", () => {
  expect(Object.keys(caseNames).filter((name) => !faults.some(([, found]) => found === name))).toEqual([
    "lying-length",
  ]);
});

test("a case that is said not to apply must fail, and needs a reason", async () => {
  const host = hostWith({});
  const cases = adapterConformance({ host, doesNotApply: { methods: "it takes all" } });
  const claimed = cases.find(({ name }) => name.startsWith("methods"));
  await expect(claimed?.run()).rejects.toThrow("is said not to apply, but it passes");
  expect(() => adapterConformance({ host, doesNotApply: { methods: " " } })).toThrow("needs a reason");
});
