import { ConfigError } from "@hooklatch/core/errors";

import { NoReplyError } from "../no-reply-error.ts";
import { readAnswer, toReply } from "./read-answer.ts";
import type { OpenTarget } from "./target.ts";

// Kept from the start: a test that stubs the global `fetch` means the calls of its own app.
const send = globalThis.fetch;

/**
 * Sends over HTTP to an address. A delivery without a reply rejects with a {@link NoReplyError}.
 *
 * @param options.signal breaks off what is on its way
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it is not an http or https address
 */
export function openUrl(target: string | URL, { signal }: { readonly signal?: AbortSignal } = {}): OpenTarget {
  const address = readAddress(target);
  return {
    urlFor: (path) => (path === undefined ? address : new URL(path, address)).href,
    async deliver({ url, method, headers, body }) {
      try {
        // A platform does not follow a redirect with the event in hand.
        const init: RequestInit = { method, headers, body, redirect: "manual", signal: signal ?? null };
        return readAnswer(await toReply(await send(url, init)));
      } catch (error) {
        throw new NoReplyError(url, error);
      }
    },
    close: async () => {},
  };
}

function readAddress(target: string | URL): URL {
  const address = URL.parse(String(target));
  if (address?.protocol === "http:" || address?.protocol === "https:") return address;
  throw new ConfigError("ERR_OPTION_INVALID", `The target ${JSON.stringify(String(target))} is not an http address.`, {
    help: "Give the full address, such as http://localhost:3000/webhooks/chip.",
  });
}
