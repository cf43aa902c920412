import { paddle } from "@hooklatch/providers/paddle";
import type { PaddleEvents } from "@hooklatch/providers/paddle";

import { encodeJson } from "../json-body.ts";
import type { MockPlatform } from "../mock-platform.ts";
import { createMockSecret } from "../mock-secret.ts";
import type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
import { paddleFixture, paddleFixtureTypes } from "./paddle-fixtures.ts";

const minuteMs = 60_000;

/** 60 more attempts over three days; that most of them come on the first day is a guess. */
const attemptsDueMs = [
  0,
  ...Array.from({ length: 20 }, (_, index) => (index + 1) * 3 * minuteMs),
  ...Array.from({ length: 27 }, (_, index) => (60 + (index + 1) * 51) * minuteMs),
  ...Array.from({ length: 13 }, (_, index) => (1440 + (index + 1) * 221) * minuteMs),
];

/**
 * Paddle Billing with a secret of its own: `createMockSender(paddleMock())`. Its `types` are those with a fixture of their
 * own; of any other event the fixture is the notification around an almost empty entity, for overrides to fill.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` when `secret` is blank
 */
export function paddleMock(options: SecretMockOptions = {}): MockPlatform<PaddleEvents, SecretCredentials> {
  const { secret, digest } = createMockSecret(options, (random) => `pdl_ntfset_01${random.toString("hex")}`);
  return {
    name: "paddle",
    provider: paddle({ secrets: secret }),
    credentials: { secret },
    types: paddleFixtureTypes,
    attemptsDueMs,
    fixture: paddleFixture,
    encode: ({ payload }) => encodeJson(payload),
    sign(request, signing) {
      const time = String(Math.floor(signing.nowMs / 1000));
      const signature = digest(signing, time, ":", request.body).toString("hex");
      return { ...request, headers: { ...request.headers, "paddle-signature": `ts=${time};h1=${signature}` } };
    },
  };
}
