import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";

import { chipEventTypes } from "@hooklatch/providers/chip";
import { describe, expect, it } from "vitest";

import type { MockEvent } from "../mock-platform.ts";
import { createMoments } from "../moments.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { chipMock } from "./chip-mock.ts";

const minuteMs = 60_000;
const platform = chipMock();
const event: MockEvent = {
  type: "purchase.paid",
  payload: { a: 1 },
  moment: createMoments(createVirtualClock(0), "chip")(),
};
const request = { method: "POST", url: "http://localhost/", headers: { a: "b" }, body: new Uint8Array([1, 2, 3]) };

async function signatureIsGood(key: "own" | "foreign", publicKey: string): Promise<boolean> {
  const { headers } = await platform.sign(request, { event, key, nowMs: 0 });
  return verify("sha256", request.body, publicKey, Buffer.from(headers["x-signature"] ?? "", "base64"));
}

describe("chipMock", () => {
  it("knows every event type of the provider", () => {
    expect(platform.types).toEqual(chipEventTypes);
    expect(platform.types).toHaveLength(29);
  });

  it("tries eight times, the last time 36 hours and 26 minutes after the first", () => {
    expect(platform.attemptsDueMs.map((dueMs) => dueMs / minuteMs)).toEqual([0, 2, 8, 26, 80, 242, 728, 2186]);
    expect(platform.attemptsDueMs.at(-1)).toBe((36 * 60 + 26) * minuteMs);
  });

  it("ends its attempts within the provider's retry horizon", () => {
    expect(platform.attemptsDueMs.at(-1)).toBeLessThan(platform.provider.retryHorizonMs);
  });

  it("signs with an RSA key of 2,048 bits that fits its credentials", async () => {
    expect(await signatureIsGood("own", platform.credentials.publicKey)).toBe(true);
    expect(createPublicKey(platform.credentials.publicKey).asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  it("signs with a foreign key that fits neither its own credentials nor another mock's", async () => {
    expect(await signatureIsGood("foreign", platform.credentials.publicKey)).toBe(false);
    expect(await signatureIsGood("foreign", chipMock().credentials.publicKey)).toBe(false);
  });

  it("keeps the request it signs as it was", async () => {
    const before = structuredClone(request);
    const signed = await platform.sign(request, { event, key: "own", nowMs: 0 });
    expect(request).toEqual(before);
    expect(signed).toMatchObject({ headers: { a: "b" }, body: request.body });
  });

  it("has other keys than the next mock", () => {
    expect(chipMock().credentials.publicKey).not.toBe(platform.credentials.publicKey);
  });

  it("signs with the private key it is given", () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 3072 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(chipMock({ privateKey: pem }).credentials.publicKey).toBe(
      publicKey.export({ type: "spki", format: "pem" }).toString(),
    );
  });

  it.each([
    "",
    "not a key",
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    platform.credentials.publicKey,
  ])("refuses a private key that is none of RSA, and quotes nothing of it (%#)", (privateKey) => {
    const error: unknown = catchError(() => chipMock({ privateKey }));
    expect(error).toMatchObject({
      code: "ERR_KEY_INVALID",
      message: "The option privateKey is not an RSA private key in PEM form.",
    });
    expect(error).not.toHaveProperty("cause");
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}
