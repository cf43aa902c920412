import { sign } from "node:crypto";

import { chip, chipEventTypes } from "@hooklatch/providers/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";

import type { MockPlatform } from "../mock-platform.ts";
import { createRsaKey, foreignRsaKey, publicPemOf, readRsaKey } from "../rsa-key.ts";
import { chipFixtures } from "./fixtures/chip-fixtures.ts";
import { encodePythonJson } from "./python-json.ts";

/** What an app that receives from CHIP is configured with. */
export interface ChipCredentials {
  /** PEM, as CHIP shows it for a webhook: the value of `CHIP_PUBLIC_KEY`. */
  readonly publicKey: string;
}

/** How CHIP is mocked. */
export interface ChipMockOptions {
  /** The RSA key to sign with, as PEM, for an app whose public key is fixed. Default: a new key of 2,048 bits. */
  readonly privateKey?: string;
}

const minuteMs = 60_000;

/** CHIP makes eight attempts; attempt n is due 3^(n-1) - 1 minutes after the first. */
const attemptsDueMs = Array.from({ length: 8 }, (_, index) => (3 ** index - 1) * minuteMs);

/**
 * CHIP Collect with keys of its own: `createMockSender(chipMock())`. To make a key takes about 0.1 s, so make one mock
 * for a test file and a sender for each test.
 *
 * @throws {ConfigError} `ERR_KEY_INVALID` when `privateKey` is not an RSA key
 */
export function chipMock(options: ChipMockOptions = {}): MockPlatform<ChipEvents, ChipCredentials> {
  const privateKey = options.privateKey === undefined ? createRsaKey() : readRsaKey(options.privateKey);
  const publicKey = publicPemOf(privateKey);
  return {
    name: "chip",
    provider: chip({ publicKey }),
    credentials: { publicKey },
    types: chipEventTypes,
    attemptsDueMs,
    fixture: (type, moment) => ({ ...chipFixtures[type](moment), event_type: type }),
    encode: ({ payload }) => encodePythonJson(payload),
    sign(request, { key }) {
      const signature = sign("sha256", request.body, key === "own" ? privateKey : foreignRsaKey());
      return { ...request, headers: { ...request.headers, "x-signature": signature.toString("base64") } };
    },
  };
}
