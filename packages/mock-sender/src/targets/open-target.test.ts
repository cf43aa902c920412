import type { IncomingDelivery } from "@hooklatch/core";
import { describe, expect, it } from "vitest";

import { chipMock } from "../chip/index.ts";
import { createMockSender } from "../mock-sender.ts";

const sender = createMockSender(chipMock());

describe("a target", () => {
  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a number", 42],
    ["an empty object", {}],
    ["a path", "/webhooks/chip"],
    ["an address that is not http", "ftp://localhost/webhooks"],
  ])("that is %s is refused with a hint", async (_name, target) => {
    // What JavaScript may pass where TypeScript would not.
    await expect(sender.send(target as string, "purchase.paid")).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
      help: expect.stringMatching(/^Give /),
    });
  });

  it("that is a function which answers no Response is refused with a hint", async () => {
    // What JavaScript may pass where TypeScript would not.
    const listener = ((_request: unknown) => undefined) as unknown as (request: Request) => Response;
    await expect(sender.send(listener, "purchase.paid")).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
      help: expect.stringContaining("two parameters"),
    });
  });

  it("that is a receiver is called with the path, the headers and the declared length", async () => {
    const seen: unknown[] = [];
    const target = {
      async receive(incoming: IncomingDelivery) {
        const { method, url, remoteAddress, body } = incoming;
        const headers = ["content-type", "content-length", "x-other"].map((name) => incoming.headerValues(name));
        seen.push({ method, url, remoteAddress, headers, body });
        return { outcome: "handled", reply: { status: 200, headers: {}, body: "" } } as const;
      },
    };
    const request = await sender.build("purchase.paid", { path: "/hooks?tenant=7" });
    expect(await sender.deliver(target, request)).toMatchObject({ status: 200, outcome: "handled" });
    expect(seen).toEqual([
      {
        method: "POST",
        url: "/hooks?tenant=7",
        remoteAddress: "127.0.0.1",
        headers: [["application/json"], [String(request.body.byteLength)], []],
        body: request.body,
      },
    ]);
  });

  it("with a fetch method is called on itself, with the exact bytes and their length declared", async () => {
    const request = await sender.build("purchase.paid");
    const target = {
      greeting: "hello",
      async fetch(received: Request) {
        expect(Buffer.from(await received.arrayBuffer()).equals(request.body)).toBe(true);
        expect(received.headers.get("content-length")).toBe(String(request.body.byteLength));
        expect(received.headers.get("x-signature")).toBe(request.headers["x-signature"]);
        return new Response(this.greeting, { headers: { "x-app": "yes" } });
      },
    };
    const { reply } = await sender.deliver(target, request);
    expect(reply).toMatchObject({ status: 200, headers: { "x-app": "yes" }, body: "hello" });
  });
});
