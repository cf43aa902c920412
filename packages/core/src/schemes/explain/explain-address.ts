import { BlockList, isIP } from "node:net";

import type { Delivery } from "../../delivery.ts";
import type { Diagnosis } from "../../diagnosis.ts";
import { printable } from "../../printable.ts";
import { headerOf } from "./delivery-texts.ts";

/** What is needed of an allow-list. */
export interface AddressInsight {
  /** What the scheme looks at: the connection's own address, or what `clientAddress` answers. */
  readonly address: string;
  /** Whether that comes from `clientAddress`. */
  readonly isConfigured: boolean;
  readonly isAllowed: (address: string) => boolean;
}

/** Why an address is refused; `undefined` when it is not. Whether a proxy is behind it can only be guessed at. */
export function explainAddress(delivery: Delivery, insight: AddressInsight): Diagnosis | undefined {
  const { address, isConfigured, isAllowed } = insight;
  if (isAllowed(address)) return undefined;
  if (isConfigured && isIP(address) === 0) return explainFormat(address, isAllowed);
  const seen = address === "" ? "The connection has no address, as over a Unix socket" : describeSeen(address);
  const isInside = address === "" || isInternal(address);
  const header = forwarding.find((name) => addressesIn(headerOf(delivery, name)).some(isAllowed));
  if (header !== undefined && !isConfigured) {
    const message =
      `${seen}, and is not on the list; the header ${header} names one that is. ${isInside ? "Most likely" : "Perhaps"} ` +
      "a proxy of yours stands in between. If it is the only way in, and itself writes that header anew, read it by the option " +
      "clientAddress of ipAllowlist. Not otherwise: whoever sends the request can write it.";
    return { cause: "address-proxy", message };
  }
  if (isInside) {
    const advice = isConfigured
      ? "clientAddress reads the address of another proxy of yours: have it read what the outermost one saw."
      : "If a proxy or load balancer stands in between, read the address that it saw by the option clientAddress of " +
        "ipAllowlist. No usual header names an address on the list.";
    return { cause: "address-proxy", message: `${seen}, and is not on the list. ${advice}` };
  }
  const message =
    `${seen}, and is not on the list. Compare it with what the platform publishes today: it may have added addresses; ` +
    "it may be a proxy of yours, if all deliveries come from it; or somebody else sent this.";
  return { cause: "unknown", message };
}

function describeSeen(address: string): string {
  const kind = isInternal(address) ? "private or of this machine" : "public";
  const mapped = /^::ffff:/i.test(address) ? " (IPv4 written as IPv6)" : "";
  return `The address that was seen, ${printable(address, 60)}${mapped}, is ${kind}`;
}

/** Headers by which proxies tell whom they saw. */
const forwarding = [
  "x-forwarded-for",
  "x-real-ip",
  "forwarded",
  "cf-connecting-ip",
  "true-client-ip",
  "fly-client-ip",
  "x-client-ip",
  "x-azure-clientip",
] as const;

/** What `clientAddress` answered holds an address, with something about it. */
function explainFormat(text: string, isAllowed: (address: string) => boolean): Diagnosis {
  const found = addressesIn(text);
  if (found.some(isAllowed)) {
    const what = found.length === 1 ? "has more about it, such as a port, brackets or blanks" : "is a list";
    const message =
      `What clientAddress answers ${what}; an address in it is on the list. Have it answer that one address alone: of a ` +
      "list the entry that your own proxy wrote, which is most often the last. A sender can write the ones before it.";
    return { cause: "address-format", message };
  }
  const what =
    text === "" ? "answers nothing, as when its header is missing" : "answers something that is no single address";
  const message = `clientAddress ${what}, and no address on the list stands in it. Look at what your proxy really sends.`;
  return { cause: "unknown", message };
}

/** RFC 7239 writes `for="[2001:db8::1]:4711"`; others write `203.0.113.7:4711` and lists of those. */
function addressesIn(text: string): readonly string[] {
  const parts = text.slice(0, 2_000).split(/[,;]/, 50);
  return parts.flatMap((part) => {
    const bare = part.trim().replace(/^for=/i, "").replaceAll('"', "");
    const address = /^\[([^\]]*)\]/.exec(bare)?.[1] ?? (isIP(bare) === 0 ? bare.replace(/:\d{1,5}$/, "") : bare);
    return isIP(address) === 0 ? [] : [address];
  });
}

/** RFC 6890: addresses that no platform can send from. */
function isInternal(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && internal.check(address, family === 4 ? "ipv4" : "ipv6");
}

const internal = new BlockList();
for (const [network, bits] of [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  internal.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
] as const) {
  internal.addSubnet(network, bits, "ipv6");
}
