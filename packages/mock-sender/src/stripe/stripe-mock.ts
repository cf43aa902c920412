import { stripe } from "@hooklatch/providers/stripe";
import type { StripeEvents } from "@hooklatch/providers/stripe";

import { encodeJson } from "../json-body.ts";
import type { MockPlatform } from "../mock-platform.ts";
import { createMockSecret } from "../mock-secret.ts";
import type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
import { stripeFixture, stripeFixtureTypes } from "./stripe-fixtures.ts";

const hourMs = 3_600_000;

/** Stripe says "for up to three days with an exponential back off"; the times themselves are a guess. */
const attemptsDueMs = [0, 1 / 12, 1 / 2, 2, 5, 10, 22, 34, 46, 58, 70].map((hours) => hours * hourMs);

/**
 * Stripe with a secret of its own: `createMockSender(stripeMock())`. Its `types` are those with a fixture of their own;
 * of any other event the fixture is the envelope around an almost empty object, for overrides to fill.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` when `secret` is blank
 */
export function stripeMock(options: SecretMockOptions = {}): MockPlatform<StripeEvents, SecretCredentials> {
  const { secret, digest } = createMockSecret(options, (random) => `whsec_${random.toString("hex")}`);
  return {
    name: "stripe",
    provider: stripe({ secrets: secret }),
    credentials: { secret },
    types: stripeFixtureTypes,
    attemptsDueMs,
    fixture: stripeFixture,
    encode: ({ payload }) => encodeJson(payload, { indent: 2 }),
    sign(request, signing) {
      const time = String(Math.floor(signing.nowMs / 1000));
      const signature = digest(signing, time, ".", request.body).toString("hex");
      return { ...request, headers: { ...request.headers, "stripe-signature": `t=${time},v1=${signature}` } };
    },
  };
}
