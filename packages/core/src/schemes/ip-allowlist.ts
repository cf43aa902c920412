import { BlockList, isIP } from "node:net";

import type { Delivery } from "../delivery.ts";
import { ConfigError, RejectedError } from "../errors.ts";
import type { Scheme } from "../scheme.ts";

/** Which addresses may send. */
export interface IpAllowlistOptions {
  /** Addresses (`203.0.113.7`, `2001:db8::1`) and networks (`203.0.113.0/24`). IPv4 entries fit `::ffff:…` as well. */
  readonly addresses: readonly string[];
  /**
   * Where the sender's address stands when a proxy of yours is in between. Default: the connection's own address, since
   * a forwarded header is whatever the sender wrote, unless your proxy is the only way in and overwrites it.
   */
  readonly clientAddress?: (delivery: Delivery) => string | undefined;
}

/**
 * Refuses deliveries from other addresses. No proof of what they say: combine it with another scheme by `allOf`.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function ipAllowlist(options: IpAllowlistOptions): Scheme {
  const { addresses, clientAddress = ({ remoteAddress }) => remoteAddress } = options;
  if (typeof clientAddress !== "function") throw invalid("clientAddress must be a function.");
  const allowed = toBlockList(addresses);
  const isAllowed = (address: string): boolean => {
    const family = isIP(address);
    return family !== 0 && allowed.check(address, family === 4 ? "ipv4" : "ipv6");
  };
  return {
    headers: [],
    verify(delivery) {
      if (isAllowed(clientAddress(delivery) ?? "")) return delivery.body;
      throw new RejectedError("ERR_ADDRESS_NOT_ALLOWED", "The sender's address is not on the list.", {
        help: "Compare remoteAddress in the outcome report with the platform's list; behind a proxy, set clientAddress.",
      });
    },
    async explain(delivery) {
      const { explainAddress } = await import("./explain/explain-address.ts");
      const isConfigured = options.clientAddress !== undefined;
      return explainAddress(delivery, { address: clientAddress(delivery) ?? "", isConfigured, isAllowed });
    },
  };
}

/** Despite its name a list of addresses of any purpose. It knows `::ffff:203.0.113.7` for `203.0.113.7`. */
function toBlockList(addresses: readonly string[]): BlockList {
  if (!Array.isArray(addresses) || addresses.length === 0) throw invalid("addresses must be a list of at least one.");
  const list = new BlockList();
  for (const entry of addresses) addEntry(list, entry);
  return list;
}

function addEntry(list: BlockList, entry: unknown): void {
  const [, address = "", bits] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(typeof entry === "string" ? entry : "") ?? [];
  const family = isIP(address);
  const maxBits = family === 4 ? 32 : 128;
  if (family === 0 || Number(bits ?? 0) > maxBits) throw invalid(`${JSON.stringify(entry)} is no address or network.`);
  if (bits !== undefined && Number(bits) === 0) throw invalid(`${JSON.stringify(entry)} would let everybody in.`);
  list.addSubnet(address, Number(bits ?? maxBits), family === 4 ? "ipv4" : "ipv6");
}

function invalid(what: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", `ipAllowlist: ${what}`);
}
