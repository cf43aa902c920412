import { expect, test } from "vitest";

import { toDelivery, toIncomingDelivery } from "../../incoming-delivery.ts";
import { ipAllowlist } from "../ip-allowlist.ts";
import type { IpAllowlistOptions } from "../ip-allowlist.ts";

const bytes = Buffer.from("{}");
const addresses = ["203.0.113.0/24", "2001:db8::/32"];
const realIp: IpAllowlistOptions["clientAddress"] = (delivery) => delivery.header("x-real-ip");

function explain(
  remoteAddress: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  clientAddress?: IpAllowlistOptions["clientAddress"],
) {
  const from = remoteAddress === undefined ? {} : { remoteAddress };
  const delivery = toDelivery(toIncomingDelivery({ headers, body: bytes, ...from }), bytes, 0);
  return ipAllowlist({ addresses, ...(clientAddress === undefined ? {} : { clientAddress }) }).explain?.(delivery, 0);
}

test.each([
  ["127.0.0.1"],
  ["::1"],
  ["10.1.2.3"],
  ["172.31.0.9"],
  ["192.168.1.1"],
  ["100.64.3.2"],
  ["::ffff:10.1.2.3"],
  ["fd00::7"],
  ["fe80::1"],
])("%s is most likely a proxy, and the option is named", async (address) => {
  const diagnosis = await explain(address);
  expect(diagnosis).toMatchObject({ cause: "address-proxy", message: expect.stringContaining("clientAddress") });
  expect(diagnosis?.message).toContain(address);
  expect(diagnosis?.message).toContain("If a proxy");
  expect(diagnosis?.message.includes("IPv4 written as IPv6")).toBe(address.startsWith("::ffff"));
});

test("no address, as over a Unix socket, is most likely a proxy", async () => {
  expect(await explain(undefined)).toMatchObject({
    cause: "address-proxy",
    message: expect.stringContaining("no address"),
  });
});

test.each([
  ["x-forwarded-for", "203.0.113.9, 10.0.0.1"],
  ["x-real-ip", "203.0.113.9"],
  ["forwarded", 'for=192.0.2.1;proto=https, for="[2001:db8::9]:4711"'],
  ["cf-connecting-ip", "2001:db8::9"],
])("a header %s with a listed address is named, and that anybody can write it", async (name, value) => {
  const inside = await explain("10.0.0.1", { [name]: value });
  expect(inside).toMatchObject({ cause: "address-proxy", message: expect.stringContaining(`header ${name}`) });
  expect(inside?.message).toContain("Most likely");
  expect(inside?.message).toContain("can write it");
  expect((await explain("198.51.100.7", { [name]: value }))?.message).toContain("Perhaps");
});

test("a public address that is not listed is told, and no cause is made up", async () => {
  const diagnosis = await explain("198.51.100.7", { "x-forwarded-for": "198.51.100.8" });
  expect(diagnosis).toMatchObject({ cause: "unknown", message: expect.stringContaining("198.51.100.7, is public") });
});

test.each([
  ["a list", "203.0.113.9, 10.0.0.1", "address-format"],
  ["a port", "203.0.113.9:4711", "address-format"],
  ["brackets", "[2001:db8::9]:4711", "address-format"],
  ["a blank", " 203.0.113.9", "address-format"],
  ["a list of others", "198.51.100.7, 10.0.0.1", "unknown"],
  ["text", "some text 4711", "unknown"],
  ["a private address", "10.0.0.1", "address-proxy"],
])("clientAddress that answers %s is told", async (_what, value, cause) => {
  const diagnosis = await explain("127.0.0.1", { "x-real-ip": value }, realIp);
  expect(diagnosis).toMatchObject({ cause, message: expect.stringContaining("clientAddress") });
  expect(diagnosis?.message).not.toContain("4711");
});

test("clientAddress that answers nothing is told", async () => {
  expect((await explain("127.0.0.1", {}, realIp))?.message).toContain("answers nothing");
});

test("a listed address needs no explanation", async () => {
  expect(await explain("203.0.113.9")).toBeUndefined();
  expect(await explain("127.0.0.1", { "x-real-ip": "203.0.113.9" }, realIp)).toBeUndefined();
});

test("what a host gives for an address is printed in one line", async () => {
  expect((await explain("10.0.0.1\n[hooklatch] forged"))?.message).not.toContain("\n");
});
