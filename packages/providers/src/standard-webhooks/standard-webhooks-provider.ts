import { defineProvider } from "@hooklatch/core";
import type { Delivery, EventsOf, Locator, Provider, ProviderDefinition } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { standardWebhooks } from "@hooklatch/core/schemes";
import type { StandardWebhooksOptions } from "@hooklatch/core/schemes";

import { readOtherKeys } from "../other-keys.ts";
import { limitsOf } from "../secret-options.ts";

/** How a platform that follows Standard Webhooks is set up. One of `secrets` and `publicKeys` MUST be given. */
export interface StandardWebhooksProviderOptions extends StandardWebhooksOptions {
  /** The platform's own name in lower case. Its event ids are kept under it, apart from another platform's. */
  readonly name: string;
  /** Where the event's name stands in the body. Default: `type`, as the standard recommends. */
  readonly type?: Locator;
  /** Where the payload stands in the body. Default: `data`, as the standard recommends. */
  readonly payload?: Locator;
  /** Where the time of the event stands in the body. Default: `timestamp`, as the standard recommends. */
  readonly occurredAt?: NonNullable<ProviderDefinition["occurredAt"]>;
  /** The largest body accepted. Default: 1 MiB. */
  readonly maxBodyBytes?: number;
  /** For how long the platform may send the same event again. Default: 4 days, more than the standard's own schedule. */
  readonly retryHorizonMs?: number;
}

type Schemas = NonNullable<Provider["schemas"]>;

/**
 * Any platform that follows Standard Webhooks, Svix included. The event id is the header `webhook-id`, which is signed.
 * The event map is a type argument, or a Standard Schema for each event type, which its payloads then must pass.
 *
 * @example
 *   const provider = standardWebhooksProvider<AcmeEvents>({
 *     name: "acme",
 *     secrets: process.env.ACME_WEBHOOK_SECRET!,
 *   });
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function standardWebhooksProvider<const Given extends Schemas>(
  options: StandardWebhooksProviderOptions & { readonly events: Given },
): Provider<EventsOf<Given>>;
export function standardWebhooksProvider<Events = Readonly<Record<string, unknown>>>(
  options: StandardWebhooksProviderOptions,
): Provider<Events>;
export function standardWebhooksProvider(
  options: StandardWebhooksProviderOptions & { readonly events?: Schemas },
): Provider<unknown> {
  const { name, headers = "webhook", type = "type", payload = "data", occurredAt = { at: "timestamp" } } = options;
  assertSecrets(options);
  return defineProvider({
    name,
    scheme: standardWebhooks({ ...options, ...readOtherKeys(options) }),
    id: (_body, delivery) => readMessageId(delivery, headers),
    type,
    payload,
    occurredAt,
    // The example schedule of the standard ends 75 h 35 min after the first attempt.
    retryHorizonMs: options.retryHorizonMs ?? 4 * 86_400_000,
    ...limitsOf({ maxBodyBytes: options.maxBodyBytes }),
    ...(options.events === undefined ? {} : { events: options.events }),
  });
}

/** With `either`, the scheme has made sure that two ids are one. */
function readMessageId(delivery: Delivery, headers: NonNullable<StandardWebhooksOptions["headers"]>) {
  if (headers === "either") return delivery.header("webhook-id") ?? delivery.header("svix-id");
  return delivery.header(`${headers}-id`);
}

function assertSecrets(options: StandardWebhooksProviderOptions): void {
  const given = (["secrets", "publicKeys"] as const).filter((option) => Object.hasOwn(options, option));
  if (given.length === 0) throw missing("neither secrets nor publicKeys are given", options);
  for (const option of given) {
    const keys: unknown = options[option];
    const list: readonly unknown[] = Array.isArray(keys) ? keys : [keys];
    if (list.length === 0) throw missing(`${option} is an empty list`, options);
    const index = list.findIndex(isBlank);
    if (index !== -1) throw missing(`${option}${Array.isArray(keys) ? `[${index}]` : ""} is missing or blank`, options);
  }
}

function isBlank(key: unknown): boolean {
  return key === undefined || key === null || (typeof key === "string" && /^\s*(?:whsec_|whpk_)?\s*$/.test(key));
}

function missing(what: string, { name }: StandardWebhooksProviderOptions): ConfigError {
  const variable = `${name}_WEBHOOK_SECRET`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
  return new ConfigError("ERR_SECRET_MISSING", `${what}; did you set ${variable}?`, {
    help: "Copy the endpoint's signing secret, which starts with whsec_, from the platform's dashboard.",
  });
}
