import { describe, expect, test } from "vitest";

import { readHeader, toDelivery, toIncomingDelivery } from "./incoming-delivery.ts";
import { refusalOf } from "./test-support/caught.ts";

const body = new Uint8Array(2);

describe("a request as plain data", () => {
  test("is a POST of / without headers unless it says otherwise", () => {
    const incoming = toIncomingDelivery({ headers: {}, body });
    expect(incoming).toMatchObject({ method: "POST", url: "/", remoteAddress: undefined });
    expect(incoming.body).toBe(body);
    expect(incoming.headerValues("x-a")).toEqual([]);
  });

  test("keeps what it says", () => {
    const plain = { method: "PUT", url: "/a?b=c", remoteAddress: "192.0.2.7", headers: {}, body };
    expect(toIncomingDelivery(plain)).toMatchObject({ method: "PUT", url: "/a?b=c", remoteAddress: "192.0.2.7" });
  });

  test("has header names in any case, and every value of a header in its order", () => {
    const headers = { "X-A": "1", "x-b": ["2", "3"], "X-a": "4", "x-none": undefined, "x-empty": [] };
    const incoming = toIncomingDelivery({ headers, body });
    expect(incoming.headerValues("x-a")).toEqual(["1", "4"]);
    expect(incoming.headerValues("x-b")).toEqual(["2", "3"]);
    expect(incoming.headerValues("x-none")).toEqual([]);
    expect(incoming.headerValues("x-empty")).toEqual([]);
  });

  test.each(["__proto__", "constructor", "tostring", "hasownproperty"])("has no header %s of itself", (name) => {
    expect(toIncomingDelivery({ headers: {}, body }).headerValues(name)).toEqual([]);
  });
});

describe("a delivery", () => {
  const incoming = toIncomingDelivery({ headers: { "X-A": "1", "X-B": ["2", "2"] }, body });

  test("has its bytes and its time, and an address only where one is known", () => {
    expect(toDelivery(incoming, body, 7)).toEqual({
      method: "POST",
      url: "/",
      receivedAtMs: 7,
      body,
      header: expect.any(Function),
      headerNames: expect.any(Function),
    });
    const known = toIncomingDelivery({ headers: {}, body, remoteAddress: "192.0.2.7" });
    expect(toDelivery(known, body, 7)).toHaveProperty("remoteAddress", "192.0.2.7");
  });

  test("tells the names of its headers, and none where the host does not", () => {
    expect(toDelivery(incoming, body, 0).headerNames?.()).toEqual(["X-A", "X-B"]);
    expect(toIncomingDelivery({ headers: { "X-A": undefined }, body }).headerNames?.()).toEqual([]);
    const { method, url } = incoming;
    const bare = { method, url, body, headerValues: (name: string) => incoming.headerValues(name) };
    expect(toDelivery(bare, body, 0).headerNames?.()).toEqual([]);
  });

  test("gives the one value of a header whatever the case of its name", () => {
    const delivery = toDelivery(incoming, body, 0);
    expect([delivery.header("x-a"), delivery.header("X-A"), delivery.header("x-c")]).toEqual(["1", "1", undefined]);
  });

  test("refuses a header that came twice, whoever asks for it", async () => {
    const delivery = toDelivery(incoming, body, 0);
    expect(await refusalOf(() => delivery.header("X-B"))).toBe("ERR_HEADER_REPEATED 400");
    expect(await refusalOf(() => readHeader(incoming, "x-b"))).toBe("ERR_HEADER_REPEATED 400");
  });
});
