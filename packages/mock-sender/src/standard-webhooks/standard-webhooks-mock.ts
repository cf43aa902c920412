import type { BodyObject, EventTypeOf } from "@hooklatch/core";
import { standardWebhooksProvider } from "@hooklatch/providers/standard-webhooks";

import type { MockMoment, MockPlatform } from "../mock-platform.ts";
import { contactFixtures } from "./contact-events.ts";
import type { ContactEvents } from "./contact-events.ts";
import { createSigner, readSigningKeys } from "./signing-keys.ts";

/** What an app that receives by this standard is configured with. */
export interface StandardWebhooksCredentials {
  /** For `v1`: `whsec_` and base64. */
  readonly secret: string;
  /** For `v1a`: `whpk_` and base64. */
  readonly publicKey: string;
}

/** A payload for each event type. Each MUST be a new object, made of the moment alone. */
export type StandardWebhooksFixtures<Events> = {
  readonly [Type in keyof Events]: (moment: MockMoment) => Events[Type];
};

/** How a platform that follows Standard Webhooks is mocked. */
export interface StandardWebhooksMockOptions {
  /** The platform's name, as the app's provider has it. Default: `standard-webhooks`. */
  readonly name?: string;
  /** What deliveries are signed with, and all that the provider accepts. Default: `v1`. */
  readonly version?: "v1" | "v1a" | "both";
  /** What the header names start with. Default: `webhook`. */
  readonly headers?: "webhook" | "svix";
  /** `whsec_` and base64, for an app whose secret is fixed. Default: a new one. */
  readonly secret?: string;
  /** `whsk_` and base64, for an app whose public key is fixed. Default: a new one. */
  readonly privateKey?: string;
}

const [second, minute, hour] = [1000, 60_000, 3_600_000];

/** The schedule that the standard gives as its example: how long it waits before each attempt. */
const waitsMs = [0, 5 * second, 5 * minute, 30 * minute, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * hour)];

const attemptsDueMs = waitsMs.map((_, index) => waitsMs.slice(0, index + 1).reduce((sum, wait) => sum + wait));

/**
 * A platform that follows Standard Webhooks, with keys of its own: `createMockSender(standardWebhooksMock())` sends the
 * events of an invented address book; with `fixtures` it sends yours.
 *
 * @throws {ConfigError} `ERR_KEY_INVALID` when `secret` or `privateKey` is none, `ERR_OPTION_INVALID`
 */
export function standardWebhooksMock<Events>(
  options: StandardWebhooksMockOptions & { readonly fixtures: StandardWebhooksFixtures<Events> },
): MockPlatform<Events, StandardWebhooksCredentials>;
export function standardWebhooksMock(
  options?: StandardWebhooksMockOptions,
): MockPlatform<ContactEvents, StandardWebhooksCredentials>;
export function standardWebhooksMock<Events>(
  options: StandardWebhooksMockOptions & { readonly fixtures?: StandardWebhooksFixtures<Events> } = {},
): MockPlatform<Events, StandardWebhooksCredentials> | MockPlatform<ContactEvents, StandardWebhooksCredentials> {
  const { fixtures } = options;
  return fixtures === undefined ? createMock<ContactEvents>(options, contactFixtures) : createMock(options, fixtures);
}

function createMock<Events>(
  { name = "standard-webhooks", version = "v1", headers = "webhook", ...given }: StandardWebhooksMockOptions,
  fixtures: StandardWebhooksFixtures<Events>,
): MockPlatform<Events, StandardWebhooksCredentials> {
  const keys = readSigningKeys(given);
  const sign = createSigner(version);
  return {
    name,
    provider: standardWebhooksProvider<Events>({
      name,
      headers,
      ...(version === "v1a" ? {} : { secrets: keys.secret }),
      ...(version === "v1" ? {} : { publicKeys: keys.publicKey }),
    }),
    credentials: { secret: keys.secret, publicKey: keys.publicKey },
    // The keys of an object that has one for each event type and no other.
    types: Object.keys(fixtures) as EventTypeOf<Events>[],
    attemptsDueMs,
    fixture: (type, moment) => fixtures[type](moment),
    encode({ type, payload, moment }) {
      const parsed: BodyObject = { type, timestamp: new Date(moment.atMs).toISOString(), data: payload };
      return { contentType: "application/json", bytes: Buffer.from(JSON.stringify(parsed)), parsed };
    },
    sign(request, { event, key, nowMs }) {
      const id = `msg_${event.moment.uuid("message")}`;
      const time = String(Math.floor(nowMs / 1000));
      const content = Buffer.concat([Buffer.from(`${id}.${time}.`), request.body]);
      const signed = {
        [`${headers}-id`]: id,
        [`${headers}-timestamp`]: time,
        [`${headers}-signature`]: sign(content, key === "own" ? keys : readSigningKeys({})),
      };
      return { ...request, headers: { ...request.headers, ...signed } };
    },
  };
}
