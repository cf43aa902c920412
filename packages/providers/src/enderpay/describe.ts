import { createHash } from "node:crypto";

import type { Provider } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

/**
 * Makes the function that reads the event out of a body of Enderpay.
 *
 * Enderpay sends no id and no time, so the id is the hash of the body. An equal purchase has the same one: it stands for
 * the first for a short time only.
 *
 * @throws {RejectedError} `ERR_EVENT_UNREADABLE`
 */
export function createDescribe(windowMs: number): Provider["describe"] {
  return ({ event, data }, delivery) => {
    if (typeof data !== "object" || data === null || Array.isArray(data)) {
      throw new RejectedError("ERR_EVENT_UNREADABLE", "The body's data is not an object.");
    }
    return {
      id: createHash("sha256").update(delivery.body).digest("hex"),
      type: event,
      payload: data,
      keepMs: windowMs,
    };
  };
}
