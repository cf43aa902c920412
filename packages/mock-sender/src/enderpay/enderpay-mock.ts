import { randomBytes } from "node:crypto";

import { enderpay, enderpayEventTypes } from "@hooklatch/providers/enderpay";
import type { EnderpayEvents, EnderpayOptions, EnderpaySecretPlace } from "@hooklatch/providers/enderpay";

import { encodeJson } from "../json-body.ts";
import type { MockPlatform } from "../mock-platform.ts";
import type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
import { readPayload } from "../read-payload.ts";
import { enderpayFixtures } from "./enderpay-fixtures.ts";

/** What an app that receives from Enderpay is configured with: the secret in the URL, the value of `ENDERPAY_SECRET`. */
export type EnderpayCredentials = SecretCredentials;

/** How Enderpay is mocked. */
export interface EnderpayMockOptions extends SecretMockOptions {
  /** Where in the URL the secret goes. Default: it becomes the last segment of the path. */
  readonly secretIn?: EnderpaySecretPlace;
  /** As the provider's own. */
  readonly windowMs?: NonNullable<EnderpayOptions["windowMs"]>;
}

/** Long enough for the provider, and like none that the mock makes. */
const foreignSecret = "a-secret-of-somebody-else";

/**
 * Enderpay with a secret of its own: `createMockSender(enderpayMock())`. The secret is put into the URL as the last
 * thing, so give addresses without it. Nothing is signed: the fault `tampered` is not noticed by any receiver, which is
 * how it is with Enderpay.
 */
export function enderpayMock(options: EnderpayMockOptions = {}): MockPlatform<EnderpayEvents, EnderpayCredentials> {
  const { secret = randomBytes(24).toString("hex"), secretIn = { in: "path" }, windowMs } = options;
  return {
    name: "enderpay",
    provider: enderpay({ secrets: secret, secretIn, ...(windowMs === undefined ? {} : { windowMs }) }),
    credentials: { secret },
    types: enderpayEventTypes,
    // Whether Enderpay tries again is not public.
    attemptsDueMs: [0],
    fixture: (type, moment) => enderpayFixtures[type](moment),
    encode: (event) => encodeJson({ event: event.type, data: readPayload(event) }),
    sign: (request, { key }) => ({
      ...request,
      url: withSecret(request.url, key === "own" ? secret : foreignSecret, secretIn),
    }),
  };
}

function withSecret(address: string, secret: string, place: EnderpaySecretPlace): string {
  const url = new URL(address);
  if (place.in === "path") url.pathname = `${url.pathname.replace(/\/$/, "")}/${encodeURIComponent(secret)}`;
  else url.search = `${url.search === "" ? "?" : `${url.search}&`}${place.name}=${encodeURIComponent(secret)}`;
  return url.href;
}
