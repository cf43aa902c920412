import type { StandardSchemaV1 } from "@standard-schema/spec";

import { ConfigError } from "./errors.ts";
import type { WebhookEvent } from "./event.ts";
import type { Handler, HandlerOptions } from "./receiver.ts";

/** A registered handler. */
export interface Route {
  readonly name: string;
  readonly handler: Handler<WebhookEvent, unknown>;
  readonly schema: StandardSchemaV1 | undefined;
  matches(type: string): boolean;
}

/** One handler with the event as it is to see it. */
export interface Run {
  readonly name: string;
  readonly handler: Handler<WebhookEvent, unknown>;
  readonly event: WebhookEvent;
}

/**
 * Makes a route of what `on` was given. A pattern has its one star at the end, so that matching is one comparison of
 * text and no event type, however long, can make it slow.
 *
 * @throws {ConfigError} `ERR_PATTERN_INVALID`, `ERR_OPTION_INVALID`
 */
export function createRoute(pattern: string, options: HandlerOptions, handler: Handler<WebhookEvent, unknown>): Route {
  if (typeof handler !== "function") {
    throw new ConfigError("ERR_OPTION_INVALID", `on("${pattern}"): the handler is not a function.`, {
      help: "The handler comes last: on(type, handler) or on(type, options, handler).",
    });
  }
  const { schema, name = handler.name } = options;
  if (schema !== undefined && typeof schema["~standard"]?.validate !== "function") {
    throw new ConfigError("ERR_OPTION_INVALID", `on("${pattern}"): schema is not a Standard Schema.`, {
      help: "zod 3.24, valibot 1.0 and arktype 2.0 or newer make them.",
    });
  }
  return { name: name === "" ? pattern : name, handler, schema, matches: compilePattern(pattern) };
}

function compilePattern(pattern: string): (type: string) => boolean {
  if (pattern === "*") return () => true;
  const star = typeof pattern === "string" ? pattern.indexOf("*") : 0;
  if (star === -1 && pattern !== "") return (type) => type === pattern;
  const prefix = star > 1 && star === pattern.length - 1 && pattern.endsWith(".*") ? pattern.slice(0, -1) : undefined;
  if (prefix === undefined) {
    throw new ConfigError("ERR_PATTERN_INVALID", `on(): ${JSON.stringify(pattern)} is not a pattern.`, {
      help: 'Use an event type ("purchase.paid"), a prefix ("purchase.*") or "*".',
    });
  }
  return (type) => type.startsWith(prefix);
}
