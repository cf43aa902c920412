import { ConfigError } from "@hooklatch/core/errors";

import { readAnswer, toReply } from "./read-answer.ts";
import type { FetchTarget, OpenTarget } from "./target.ts";

/** Calls an app in the fetch style with a `Request`, without a socket. */
export function openFetch(target: FetchTarget, usualPath: string): OpenTarget {
  return {
    urlFor: (path) => new URL(path ?? usualPath, "http://localhost").href,
    async deliver({ url, method, headers, body }) {
      // A request from the network has its length declared; one made by hand has not.
      const declared = { "content-length": String(body.byteLength), ...headers };
      const response: unknown = await target.fetch(new Request(url, { method, headers: declared, body }));
      if (!isResponse(response)) throw notAResponse();
      return readAnswer(await toReply(response));
    },
    close: async () => {},
  };
}

/** By its shape: a polyfill's `Response`, and one of another realm, are of other classes. */
function isResponse(value: unknown): value is Response {
  return typeof value === "object" && value !== null && "status" in value && "headers" in value && "text" in value;
}

function notAResponse(): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", "The target did not answer with a Response.", {
    help: "A function with one parameter is called with a Request; a Node request listener must take two parameters.",
  });
}
