import { describe, expect, test } from "vitest";

import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { ipAllowlist } from "./ip-allowlist.ts";
import type { IpAllowlistOptions } from "./ip-allowlist.ts";

const bytes = Buffer.from("{}");

function deliveryFrom(remoteAddress: string | undefined, headers: Readonly<Record<string, string>> = {}) {
  const from = remoteAddress === undefined ? {} : { remoteAddress };
  return toDelivery(toIncomingDelivery({ headers, body: bytes, ...from }), bytes, 0);
}

const answer = (addresses: readonly string[], from: string | undefined): Promise<string> =>
  refusalOf(() => ipAllowlist({ addresses }).verify(deliveryFrom(from), 0));

const refused = "ERR_ADDRESS_NOT_ALLOWED 401";

test("answers with the very bytes, needs no header and signs no time", () => {
  const scheme = ipAllowlist({ addresses: ["203.0.113.7"] });
  const delivery = deliveryFrom("203.0.113.7");
  expect(scheme.verify(delivery, 0)).toBe(delivery.body);
  expect(scheme.headers).toEqual([]);
  expect(scheme).not.toHaveProperty("toleranceMs");
});

describe("an address", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["203.0.113.7", "::ffff:203.0.113.7"],
    ["203.0.113.7", "::FFFF:cb00:7107"],
    ["203.0.113.0/24", "203.0.113.0"],
    ["203.0.113.0/24", "203.0.113.255"],
    ["203.0.113.0/24", "::ffff:203.0.113.255"],
    ["203.0.113.77/24", "203.0.113.1"],
    ["203.0.113.8/29", "203.0.113.15"],
    ["203.0.113.7/32", "203.0.113.7"],
    ["128.0.0.0/1", "255.255.255.255"],
    ["2001:db8::1", "2001:DB8:0:0:0:0:0:1"],
    ["2001:DB8::/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["2001:db8::1/128", "2001:db8::1"],
    ["fe80::1", "fe80::1%eth0"],
  ])("on the list as %s lets %s in", async (entry, from) => {
    expect(await answer(["198.51.100.1", entry], from)).toBe("nothing");
  });

  test.each([
    ["203.0.113.7", "203.0.113.8"],
    ["203.0.113.7", "203.0.113.70"],
    ["203.0.113.7", "::203.0.113.7"],
    ["203.0.113.7", "64:ff9b::203.0.113.7"],
    ["203.0.113.7", "::ffff:203.0.113.8"],
    ["203.0.113.0/24", "203.0.112.255"],
    ["203.0.113.0/24", "203.0.114.0"],
    ["203.0.113.8/29", "203.0.113.7"],
    ["203.0.113.8/29", "203.0.113.16"],
    ["2001:db8::/32", "2001:db9::"],
    ["2001:db8::1", "2001:db8::2"],
    ["2001:db8::1", "203.0.113.7"],
    ["203.0.113.7", "2001:db8::1"],
  ])("on the list as %s keeps %s out", async (entry, from) => {
    expect(await answer([entry], from)).toBe(refused);
  });

  test.each([
    undefined,
    "",
    "unknown",
    "localhost",
    "203.0.113.7:443",
    " 203.0.113.7",
    "203.0.113.7, 10.0.0.1",
    "203.0.113.07",
    "0xcb.0.113.7",
    "3405803783",
    "[2001:db8::1]",
  ])("is none in %j, which lets nobody in", async (from) => {
    expect(await answer(["203.0.113.7", "2001:db8::1", "128.0.0.0/1"], from)).toBe(refused);
  });
});

describe("behind a proxy", () => {
  const addresses = ["203.0.113.7"];
  const forwarded = { "x-forwarded-for": "203.0.113.7", "x-real-ip": "203.0.113.7", forwarded: "for=203.0.113.7" };

  test("no forwarded header decides anything by itself", async () => {
    const scheme = ipAllowlist({ addresses });
    expect(await refusalOf(() => scheme.verify(deliveryFrom("10.0.0.1", forwarded), 0))).toBe(refused);
  });

  test("the address comes from where the user says, and from nowhere else", async () => {
    const scheme = ipAllowlist({ addresses, clientAddress: (delivery) => delivery.header("X-Real-IP") });
    expect(await refusalOf(() => scheme.verify(deliveryFrom("10.0.0.1", forwarded), 0))).toBe("nothing");
    expect(await refusalOf(() => scheme.verify(deliveryFrom("203.0.113.7"), 0))).toBe(refused);
    const other = { "x-real-ip": "198.51.100.1" };
    expect(await refusalOf(() => scheme.verify(deliveryFrom("203.0.113.7", other), 0))).toBe(refused);
  });

  test("names neither the list nor the address in its error", async () => {
    const error = thrownBy(() => ipAllowlist({ addresses }).verify(deliveryFrom("198.51.100.1"), 0));
    expect(`${error.message} ${error.help}`).not.toMatch(/198\.51|203\.0/);
  });
});

describe("a list is refused at the start when it", () => {
  test.each([
    ["is missing", undefined],
    ["is empty", []],
    ["is a text", "203.0.113.7"],
    ["has a name", ["platform.example"]],
    ["has a blank", [" 203.0.113.7"]],
    ["has an empty entry", ["203.0.113.7", ""]],
    ["has an entry that is no text", [undefined]],
    ["has an octal", ["0203.0.113.7"]],
    ["has a short form", ["203.0.113"]],
    ["has a number", ["3405803783"]],
    ["has too many bits", ["203.0.113.0/33"]],
    ["has too many bits of IPv6", ["2001:db8::/129"]],
    ["has no bits", ["203.0.113.0/"]],
    ["has two lots of bits", ["203.0.113.0/24/8"]],
    ["has negative bits", ["203.0.113.0/-1"]],
    ["has a mask", ["203.0.113.0/255.255.255.0"]],
    ["has a range", ["203.0.113.1-203.0.113.9"]],
    ["has a port", ["203.0.113.7:443"]],
    ["has a zone", ["fe80::1%eth0"]],
    ["lets everybody in", ["203.0.113.7", "0.0.0.0/0"]],
    ["lets everybody in by IPv6", ["::/00"]],
  ])("%s", (_what, addresses: unknown) => {
    // What a program without types hands over.
    const error = thrownBy(() => ipAllowlist({ addresses } as IpAllowlistOptions));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
  });

  test("comes with a clientAddress that is no function", () => {
    const options = { addresses: ["203.0.113.7"], clientAddress: "x-real-ip" };
    // What a program without types hands over.
    const error = thrownBy(() => ipAllowlist(options as unknown as IpAllowlistOptions));
    expect(error).toMatchObject({ code: "ERR_OPTION_INVALID", message: expect.stringContaining("clientAddress") });
  });
});
