import { createHash } from "node:crypto";

import type { StandardSchemaV1 } from "@standard-schema/spec";

import type { Delivery } from "./delivery.ts";
import { ConfigError } from "./errors.ts";
import { toEpochMs } from "./event-time.ts";
import { toFinder, toIdFinder } from "./locator.ts";
import type { Finder, Locator } from "./locator.ts";
import type { BodyObject, Provider } from "./provider.ts";
import type { Reply } from "./reply.ts";
import type { Scheme } from "./scheme.ts";

/** What a provider of your own says of its platform. */
export interface ProviderDefinition {
  /** In lower case; also the namespace of its event ids. */
  readonly name: string;
  readonly scheme: Scheme;
  /** Default: `json`. */
  readonly body?: "json" | "form";
  /**
   * For a platform that may put its JSON into a form: the name of the form's one field. Needs `contentTypes` for both.
   * Whether a body is such a form is told by its bytes, which are signed.
   */
  readonly jsonField?: string;
  /** Media types it sends. Default: those of `body`. */
  readonly contentTypes?: readonly string[];
  /** Where the event's name stands. Default: `type`. */
  readonly type?: Locator;
  /**
   * Where the event's id stands; MUST be signed, and the same over redeliveries. A number past 2^53 keeps its digits.
   * `body-hash` makes one of the bytes, for a platform that sends none, repeats itself to the byte, and never says the
   * same of two events. Default: `id`.
   */
  readonly id?: Locator;
  /** Where the payload stands. Default: the whole body. */
  readonly payload?: Locator;
  /**
   * Where the time of the event stands, as ISO 8601 with an offset or as a number, and what a number counts in. Anything
   * else leaves the event without a time. Default unit: `seconds`.
   */
  readonly occurredAt?: { readonly at: Locator; readonly unit?: "seconds" | "milliseconds" };
  /**
   * For how long the id of this event stands for it, in milliseconds, where that is shorter than for others: an id made
   * of a body that holds neither an id nor a time comes again with the next such event. `undefined`: as for others.
   */
  readonly keepMs?: (body: BodyObject, delivery: Delivery) => number | undefined;
  /** The largest body it may send. Default: 1 MiB. */
  readonly maxBodyBytes?: number;
  /** For how long it may send the same event again. Default: 3 days. */
  readonly retryHorizonMs?: number;
  /** Answers a test of the endpoint, such as a challenge to echo. Asked only after verification. */
  readonly handshake?: (body: BodyObject, delivery: Delivery) => Reply | undefined | Promise<Reply | undefined>;
}

/** The event map that a record of schemas stands for. */
export type EventsOf<Schemas> = {
  readonly [Type in keyof Schemas]: Schemas[Type] extends StandardSchemaV1
    ? StandardSchemaV1.InferOutput<Schemas[Type]>
    : never;
};

/**
 * Makes a provider for a platform of your own. Its event map is a type argument, or a Standard Schema for each event
 * type, which its payloads then must pass.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function defineProvider<const Schemas extends Readonly<Record<string, StandardSchemaV1>>>(
  definition: ProviderDefinition & { readonly events: Schemas },
): Provider<EventsOf<Schemas>>;
export function defineProvider<Events = Readonly<Record<string, unknown>>>(
  definition: ProviderDefinition,
): Provider<Events>;
export function defineProvider(
  definition: ProviderDefinition & { readonly events?: Readonly<Record<string, StandardSchemaV1>> },
): Provider<unknown> {
  const { name, scheme, jsonField, contentTypes, handshake, events: schemas } = definition;
  const { maxBodyBytes = 1024 * 1024, retryHorizonMs = 3 * 86_400_000 } = definition;
  assertOption(
    typeof name === "string" && /^[a-z0-9][a-z0-9-]*$/.test(name),
    "name",
    "in lower case, such as acme-pay",
  );
  for (const [option, value] of Object.entries({ maxBodyBytes, retryHorizonMs })) {
    assertOption(Number.isSafeInteger(value) && value > 0, option, "a whole number above 0");
  }
  if (schemas !== undefined) assertSchemas(schemas);
  return {
    name,
    scheme,
    body: definition.body ?? "json",
    maxBodyBytes,
    retryHorizonMs,
    ...(jsonField === undefined ? {} : { jsonField }),
    ...(contentTypes === undefined ? {} : { contentTypes }),
    ...(schemas === undefined ? {} : { schemas }),
    ...(handshake === undefined ? {} : { handshake }),
    describe: createDescribe(definition),
  };
}

function createDescribe(definition: ProviderDefinition): Provider["describe"] {
  const { id = "id", type = "type", payload, occurredAt, keepMs } = definition;
  const findType = toFinder(type, "type");
  const findId = id === "body-hash" ? hashOfBody : toIdFinder(id, "id");
  const findPayload = payload === undefined ? (body: BodyObject) => body : toFinder(payload, "payload");
  const findTime = occurredAt === undefined ? undefined : toTimeFinder(occurredAt);
  return (body, delivery) => ({
    type: findType(body, delivery),
    id: findId(body, delivery),
    payload: findPayload(body, delivery),
    occurredAtMs: findTime?.(body, delivery),
    keepMs: keepMs?.(body, delivery),
  });
}

const hashOfBody: Finder = (_body, delivery) => createHash("sha256").update(delivery.body).digest("hex");

function toTimeFinder(option: NonNullable<ProviderDefinition["occurredAt"]>) {
  const { at, unit = "seconds" } = option;
  assertOption(["seconds", "milliseconds"].includes(unit), "occurredAt.unit", '"seconds" or "milliseconds"');
  const find = toFinder(at, "occurredAt.at");
  return (body: BodyObject, delivery: Delivery) => toEpochMs(find(body, delivery), unit);
}

function assertSchemas(schemas: Readonly<Record<string, StandardSchemaV1>>): void {
  for (const [type, schema] of Object.entries(schemas)) {
    const isSchema = typeof schema?.["~standard"]?.validate === "function";
    assertOption(isSchema, `events[${JSON.stringify(type)}]`, "a Standard Schema, such as one of zod or valibot");
  }
}

function assertOption(isGood: boolean, name: string, wanted: string): void {
  if (!isGood) throw new ConfigError("ERR_OPTION_INVALID", `defineProvider: ${name} must be ${wanted}.`);
}
