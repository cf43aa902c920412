import { github } from "@hooklatch/providers/github";
import type { GitHubEvents } from "@hooklatch/providers/github";

import { encodeJson } from "../json-body.ts";
import type { EncodedBody, MockPlatform } from "../mock-platform.ts";
import { createMockSecret } from "../mock-secret.ts";
import type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
import { definedHeaders, splitUnsigned } from "../unsigned-headers.ts";
import { githubFixture, githubFixtureTypes } from "./github-fixtures.ts";

/** How GitHub is mocked. */
export interface GitHubMockOptions extends SecretMockOptions {
  /** The content type of the webhook. Default: `json`. */
  readonly contentType?: "json" | "form";
}

/**
 * GitHub with a secret of its own: `createMockSender(githubMock())`. What a payload has under `unsigned` goes into the
 * headers, so an override there changes what GitHub does not sign. Its `types` are those with a fixture of their own; of
 * any other event the fixture is an almost empty object, for overrides to fill.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` when `secret` is blank
 */
export function githubMock(options: GitHubMockOptions = {}): MockPlatform<GitHubEvents, SecretCredentials> {
  const { secret, digest } = createMockSecret(options, (random) => random.toString("base64"));
  return {
    name: "github",
    provider: github({ secrets: secret }),
    credentials: { secret },
    types: githubFixtureTypes,
    // What fails is sent again by hand only.
    attemptsDueMs: [0],
    fixture: githubFixture,
    encode({ payload }) {
      const json = encodeJson(splitUnsigned(payload).body);
      return options.contentType === "form" ? toForm(json) : json;
    },
    sign(request, signing) {
      const { event, deliveryId, hookId, targetType, targetId } = splitUnsigned(signing.event.payload).unsigned;
      return {
        ...request,
        headers: {
          ...request.headers,
          ...definedHeaders({
            "user-agent": "GitHub-Hookshot/a1b2c3d",
            "x-github-event": event,
            "x-github-delivery": deliveryId,
            "x-github-hook-id": hookId,
            "x-github-hook-installation-target-type": targetType,
            "x-github-hook-installation-target-id": targetId,
          }),
          "x-hub-signature-256": `sha256=${digest(signing, request.body).toString("hex")}`,
        },
      };
    },
  };
}

function toForm({ bytes, parsed }: EncodedBody): EncodedBody {
  const form = new URLSearchParams({ payload: Buffer.from(bytes).toString("utf8") }).toString();
  return { contentType: "application/x-www-form-urlencoded", bytes: Buffer.from(form), parsed };
}
