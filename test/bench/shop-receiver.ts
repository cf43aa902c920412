import { createReceiver } from "@hooklatch/core";
import type { Provider, Receiver } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";

/** The secret of every benchmark that signs with HMAC. */
export const secret = "a secret for benchmarks, 32 bytes";

/** The header that carries the signature. */
export const signatureHeader = "x-shop-signature";

const shop: Provider = {
  name: "shop",
  scheme: hmac({ header: signatureHeader, encoding: "hex", secrets: secret }),
  body: "json",
  maxBodyBytes: 1024 * 1024,
  retryHorizonMs: 86_400_000,
  describe: (body) => ({ id: body["id"], type: body["type"], payload: body }),
};

/** A receiver for orders signed with HMAC-SHA256 in hex, with default settings, one handler, and no log. */
export function createShopReceiver(handler: () => Promise<void>): Receiver {
  return createReceiver({ provider: shop, onOutcome: () => {} }).on("*", handler);
}
