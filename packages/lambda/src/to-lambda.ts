import type { Receiver } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

import type { LambdaEvent, LambdaResult } from "./lambda-event.ts";
import { readLambdaEvent } from "./read-lambda-event.ts";

/**
 * A Lambda handler. Rejects with a {@link ConfigError} `ERR_OPTION_INVALID` when it is given an event of another kind:
 * the function then counts as failed, and nobody is told 200 for what was not looked at.
 */
export type LambdaHandler = (event: LambdaEvent) => Promise<LambdaResult>;

/**
 * Makes a Lambda handler of a receiver, for REST APIs and HTTP APIs of API Gateway and for function URLs. It answers every
 * request that it is given: look at the path before. Set the receiver's `handlerTimeoutMs` below the function's timeout.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it is given something else than a receiver
 */
export function toLambda(receiver: Pick<Receiver, "receive">): LambdaHandler {
  if (typeof receiver?.receive !== "function") {
    throw new ConfigError("ERR_OPTION_INVALID", "toLambda: that is not a receiver; make one with createReceiver().");
  }
  return async (event) => {
    const { reply } = await receiver.receive(readLambdaEvent(event));
    return { statusCode: reply.status, headers: reply.headers, body: reply.body, isBase64Encoded: false };
  };
}
