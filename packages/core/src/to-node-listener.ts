import type { IncomingMessage, ServerResponse } from "node:http";

import { ConfigError } from "./errors.ts";
import { readNodeRequest, writeNodeReply } from "./node-http.ts";
import type { Receiver } from "./receiver.ts";

/** What `createServer` of `node:http` takes. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Makes a request listener for `node:http`, and for any framework that hands on its requests and responses. It answers
 * every request that it is given: look at the path before.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it is given something else than a receiver
 */
export function toNodeListener(receiver: Pick<Receiver, "receive">): NodeListener {
  if (typeof receiver?.receive !== "function") {
    throw new ConfigError(
      "ERR_OPTION_INVALID",
      "toNodeListener: that is not a receiver; make one with createReceiver().",
    );
  }
  return (request, response) => {
    void receiver.receive(readNodeRequest(request)).then((result) => writeNodeReply(request, response, result.reply));
  };
}
