import { sign } from "node:crypto";

import { chipSend, chipSendEventTypes } from "@hooklatch/providers/chip-send";
import type { ChipSendEvents } from "@hooklatch/providers/chip-send";

import { encodeJson } from "../json-body.ts";
import type { MockPlatform } from "../mock-platform.ts";
import { readPayload } from "../read-payload.ts";
import { createRsaKey, foreignRsaKey, publicPemOf, readRsaKey } from "../rsa-key.ts";
import { chipSendFixtures } from "./chip-send-fixtures.ts";

/** What an app that receives from CHIP Send is configured with. */
export interface ChipSendCredentials {
  /** PEM, as CHIP Send shows it for a webhook: the value of `CHIP_SEND_PUBLIC_KEY`. */
  readonly publicKey: string;
}

/** How CHIP Send is mocked. */
export interface ChipSendMockOptions {
  /** The RSA key to sign with, as PEM, for an app whose public key is fixed. Default: a new key of 2,048 bits. */
  readonly privateKey?: string;
}

/**
 * The first attempt and 25 more. After attempt n CHIP Send waits about n⁴ + 15 s, n counted from 0: the waits it
 * documents fit that, and the sum of them is the 21 days it speaks of.
 */
const attemptsDueMs = Array.from({ length: 26 }, (_, attempt) =>
  Array.from({ length: attempt }, (_wait, n) => (n ** 4 + 15) * 1000).reduce((sum, ms) => sum + ms, 0),
);

/**
 * CHIP Send with keys of its own: `createMockSender(chipSendMock())`. To make a key takes about 0.1 s, so make one mock
 * for a test file and a sender for each test.
 *
 * @throws {ConfigError} `ERR_KEY_INVALID` when `privateKey` is not an RSA key
 */
export function chipSendMock(options: ChipSendMockOptions = {}): MockPlatform<ChipSendEvents, ChipSendCredentials> {
  const privateKey = options.privateKey === undefined ? createRsaKey() : readRsaKey(options.privateKey);
  const publicKey = publicPemOf(privateKey);
  return {
    name: "chip-send",
    provider: chipSend({ publicKey }),
    credentials: { publicKey },
    types: chipSendEventTypes,
    attemptsDueMs,
    fixture: (type, moment) => chipSendFixtures[type](moment),
    encode: (event) => encodeJson(readPayload(event)),
    sign(request, { event, key }) {
      const signature = sign("sha512", request.body, key === "own" ? privateKey : foreignRsaKey());
      const headers = { "event-type": event.type, "x-signature": signature.toString("base64") };
      return { ...request, headers: { ...request.headers, ...headers } };
    },
  };
}
