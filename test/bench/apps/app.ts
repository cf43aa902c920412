import type { IncomingHttpHeaders, Server } from "node:http";

import type { Receiver } from "@hooklatch/core";

/** What one of the three kinds of an app does with a delivery. */
export type Answer =
  /** Reads the raw body and answers 200. */
  | { readonly kind: "bare" }
  /** Verifies by hand over the raw body, and answers the status that comes back. */
  | { readonly kind: "by-hand"; readonly verify: (body: Buffer, headers: IncomingHttpHeaders) => 200 | 401 }
  | { readonly kind: "receiver"; readonly receiver: Receiver };

/** Where every app takes deliveries. */
export const path = "/webhooks/shop";

/** Makes the app of one framework and has it listen on a free port of 127.0.0.1. */
export type StartApp = (answer: Answer) => Promise<Server>;
