import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

import type { NodeListener } from "../../targets/target.ts";
import type { ApiReply, PlatformApi } from "./platform-api.ts";

/** Serves the API over HTTP. */
export function toListener(api: PlatformApi): NodeListener {
  return async (request, response) => {
    const { status, body } = await answer(api, request);
    const content = body === undefined ? undefined : JSON.stringify(body);
    response.writeHead(status, content === undefined ? {} : { "content-type": "application/json" }).end(content);
  };
}

async function answer(api: PlatformApi, request: IncomingMessage): Promise<ApiReply> {
  const { method = "GET", url = "/", headers } = request;
  try {
    const address = new URL(url, `http://${headers.host ?? "127.0.0.1"}`);
    return api({ method, url: address.href, authorization: headers.authorization, body: await text(request) });
  } catch {
    // A client that hung up, or an address that is none: there is nobody to tell, or nothing to say.
    return { status: 400, body: { __all__: { message: "The request cannot be read.", code: "parse_error" } } };
  }
}
