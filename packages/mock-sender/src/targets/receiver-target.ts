import { toIncomingDelivery } from "@hooklatch/core";

import type { OpenTarget, ReceiverTarget } from "./target.ts";

/** Calls a receiver directly, as an adapter would. */
export function openReceiver(receiver: ReceiverTarget, usualPath: string): OpenTarget {
  return {
    urlFor: (path) => new URL(path ?? usualPath, "http://localhost").href,
    async deliver({ method, url, headers, body }) {
      const { pathname, search } = new URL(url);
      // Every HTTP client declares the length, so a receiver that refuses by it must see it here too.
      const declared = { "content-length": String(body.byteLength), ...headers };
      const incoming = toIncomingDelivery({
        method,
        url: pathname + search,
        remoteAddress: "127.0.0.1",
        headers: declared,
        body,
      });
      const { reply, outcome, error } = await receiver.receive(incoming);
      return { reply, outcome, code: error?.code };
    },
    close: async () => {},
  };
}
