import { slack } from "@hooklatch/providers/slack";
import type { SlackEvents } from "@hooklatch/providers/slack";

import { encodeJson } from "../json-body.ts";
import type { MockPlatform } from "../mock-platform.ts";
import { createMockSecret } from "../mock-secret.ts";
import type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
import { slackFixture, slackFixtureTypes } from "./slack-fixtures.ts";

/** Three more attempts: almost at once, a minute later, five minutes after that. */
const attemptsDueMs = [0, 1000, 61_000, 361_000];

/**
 * Slack with a signing secret of its own: `createMockSender(slackMock())`. Its `types` are those with a fixture of their
 * own; of any other event the fixture is the envelope around an almost empty event, for overrides to fill.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` when `secret` is blank
 */
export function slackMock(options: SecretMockOptions = {}): MockPlatform<SlackEvents, SecretCredentials> {
  const { secret, digest } = createMockSecret(options, (random) => random.toString("hex").slice(0, 32));
  return {
    name: "slack",
    provider: slack({ secrets: secret }),
    credentials: { secret },
    types: slackFixtureTypes,
    attemptsDueMs,
    fixture: slackFixture,
    encode: ({ payload }) => encodeJson(payload, { escaped: /\/|[\u007f-\uffff]/g }),
    sign(request, signing) {
      const time = String(Math.floor(signing.nowMs / 1000));
      const signature = digest(signing, "v0:", time, ":", request.body).toString("hex");
      return {
        ...request,
        headers: {
          ...request.headers,
          "x-slack-request-timestamp": time,
          "x-slack-signature": `v0=${signature}`,
        },
      };
    },
  };
}
