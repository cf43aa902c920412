import { cleeng, cleengTopics } from "@hooklatch/providers/cleeng";
import type { CleengEvents, CleengSignature } from "@hooklatch/providers/cleeng";

import { encodeJson } from "../json-body.ts";
import type { MockMoment, MockPlatform } from "../mock-platform.ts";
import { createMockSecret } from "../mock-secret.ts";
import type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
import { readPayload } from "../read-payload.ts";
import { documentedTopics, olderTransaction } from "./fixtures/documented-topics.ts";
import { guessedTopics } from "./fixtures/guessed-topics.ts";
import { defaultBroadcasterId } from "./fixtures/publisher.ts";

/** What an app that receives from Cleeng is configured with. */
export interface CleengCredentials extends SecretCredentials {
  /** How the mock signs: the provider's option of that name. */
  readonly signature: CleengMockSignature;
  /** The publisher that all events are about. */
  readonly broadcasterId: number;
}

/** Where the mock puts the signature, and how. */
export type CleengMockSignature = Omit<CleengSignature, "content">;

/** How Cleeng is mocked. */
export interface CleengMockOptions extends SecretMockOptions {
  /** Cleeng's own way is not public. Default: one of the mock's, in the header `x-mock-signature`. */
  readonly signature?: CleengMockSignature;
  readonly broadcasterId?: number;
  /** `older`: transactions in the form that Cleeng documented earlier. Default: `current`. */
  readonly transactions?: "current" | "older";
}

/**
 * Cleeng with a secret of its own: `createMockSender(cleengMock())`.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` for a blank one
 */
export function cleengMock(options: CleengMockOptions = {}): MockPlatform<CleengEvents, CleengCredentials> {
  const {
    signature = { header: "x-mock-signature", encoding: "hex", prefix: "sha256=" },
    broadcasterId = defaultBroadcasterId,
    transactions = "current",
  } = options;
  const mockSecret = createMockSecret(options, (random) => random.toString("hex"));
  const fixtures = {
    ...documentedTopics,
    ...guessedTopics,
    ...(transactions === "older" ? { transactionCreated: olderTransaction } : {}),
  };
  return {
    name: "cleeng",
    provider: cleeng({ secrets: mockSecret.secret, signature }),
    credentials: { secret: mockSecret.secret, signature, broadcasterId },
    types: cleengTopics,
    // Cleeng tries once, unless the endpoint has a retryPolicy, of which nothing is public.
    attemptsDueMs: [0],
    fixture<Topic extends keyof CleengEvents>(topic: Topic, moment: MockMoment): CleengEvents[Topic] {
      const data: object = fixtures[topic](moment);
      // Each fixture is checked against its own topic where it is written.
      return { broadcasterId, ...data } as CleengEvents[Topic];
    },
    encode(event) {
      const { broadcasterId: id, ...data } = readPayload(event);
      return encodeJson({ broadcasterId: id, topic: event.type, data });
    },
    sign(request, signing) {
      const value = `${signature.prefix ?? ""}${mockSecret.digest(signing, request.body).toString(signature.encoding)}`;
      return { ...request, headers: { ...request.headers, [signature.header.toLowerCase()]: value } };
    },
  };
}
