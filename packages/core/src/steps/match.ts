import type { StandardSchemaV1 } from "@standard-schema/spec";

import { HandlerError } from "../errors.ts";
import type { WebhookEvent } from "../event.ts";
import { printable, withoutMessage } from "../printable.ts";
import type { Route, Run } from "../route.ts";

type Schemas = Readonly<Record<string, StandardSchemaV1>>;

/**
 * Between parse and claim: finds the handlers for an event and has its payload pass their schemas, so that an event
 * that is not fit for one of them reaches none.
 *
 * @throws {HandlerError} `ERR_PAYLOAD_INVALID`
 */
export function match(
  event: WebhookEvent,
  routes: readonly Route[],
  schemas: Schemas | undefined,
): readonly Run[] | Promise<readonly Run[]> {
  const matching = routes.filter((route) => route.matches(event.type));
  const common = schemas !== undefined && Object.hasOwn(schemas, event.type) ? schemas[event.type] : undefined;
  if (matching.length === 0 || (common === undefined && matching.every((route) => route.schema === undefined))) {
    return matching.map(({ name, handler }) => ({ name, handler, event }));
  }
  return validate(event, matching, common);
}

async function validate(
  event: WebhookEvent,
  routes: readonly Route[],
  common: StandardSchemaV1 | undefined,
): Promise<readonly Run[]> {
  const base = common === undefined ? event : await apply(common, event, "the provider");
  const runs: Run[] = [];
  for (const { name, handler, schema } of routes) {
    runs.push({ name, handler, event: schema === undefined ? base : await apply(schema, base, `handler ${name}`) });
  }
  return runs;
}

async function apply(schema: StandardSchemaV1, event: WebhookEvent, owner: string): Promise<WebhookEvent> {
  const result = await check(schema, event, owner);
  if (result.issues === undefined) return { ...event, payload: result.value };
  // Paths only: the messages of some libraries quote the value, and a value is a part of a body.
  const paths = result.issues.slice(0, 5).map(({ path }) => pathOf(path));
  const more = result.issues.length > paths.length ? ` and ${result.issues.length - paths.length} more` : "";
  throw new HandlerError(
    "ERR_PAYLOAD_INVALID",
    `The payload of "${printable(event.type)}" fails the schema of ${owner} at ${paths.join(", ")}${more}.`,
    { help: "Nothing was run. Mend the schema, or ask the platform what it changed; it will send the event again." },
  );
}

async function check(
  schema: StandardSchemaV1,
  event: WebhookEvent,
  owner: string,
): Promise<StandardSchemaV1.Result<unknown>> {
  try {
    return await schema["~standard"].validate(event.payload);
  } catch (cause) {
    throw new HandlerError("ERR_HANDLER_FAILED", `The schema of ${owner} threw instead of answering.`, {
      cause: withoutMessage(cause),
    });
  }
}

function pathOf(path: StandardSchemaV1.Issue["path"]): string {
  const keys = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
  // In a map, a key is data: an address, a name.
  return keys.length === 0 ? "the top" : keys.map((key) => (/^[\w$-]{1,40}$/.test(key) ? key : "*")).join(".");
}
