import { constants, generateKeyPairSync, sign } from "node:crypto";

import { expect, test } from "vitest";

import { refusalOf, thrownBy } from "../../test-support/caught.ts";
import {
  changedBodies,
  keyPlatform,
  nowMs,
  otherSpellings,
  refusedDelivery,
} from "../../test-support/refused-messages.ts";
import { publicKey } from "../public-key.ts";

const platform = keyPlatform();

test.each([...changedBodies(platform, "evt_1"), ...otherSpellings(platform, "evt_2")])(
  "finds $cause behind $name",
  async ({ cause, says, scheme, delivery }) => {
    expect(await refusalOf(() => scheme.verify(delivery, nowMs))).toContain("ERR_SIGNATURE_");
    const diagnosis = await scheme.explain?.(delivery, nowMs);
    expect(diagnosis?.cause).toBe(cause);
    expect(diagnosis?.message).toContain(says);
  },
);

const [live, testMode] = [rsa(), rsa()];

function rsa() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

test("names the other key that a delivery is signed with", async () => {
  const pem = testMode.publicKey.export({ type: "spki", format: "pem" }).toString();
  const { scheme } = keyPlatform(live, { otherKeys: { "test mode": pem } });
  const delivery = refusedDelivery("{}", keyPlatform(testMode).sign("{}").toString("hex"));
  expect(await refusalOf(() => scheme().verify(delivery, nowMs))).toBe("ERR_SIGNATURE_MISMATCH 401");
  expect(await scheme().explain?.(delivery, nowMs)).toMatchObject({
    cause: "other-key",
    message: expect.stringContaining('"test mode"'),
  });
});

test("refuses an other key that is none at start-up", () => {
  expect(thrownBy(() => keyPlatform(live, { otherKeys: { test: "no key" } }).scheme()).code).toBe("ERR_KEY_INVALID");
});

test("finds another hash, and PSS for PKCS#1", async () => {
  const { scheme } = keyPlatform(live);
  const sha512 = sign("sha512", Buffer.from("{}"), live.privateKey).toString("hex");
  const key = { key: live.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING };
  const pss = sign("sha256", Buffer.from("{}"), key).toString("hex");
  for (const [signature, name] of [
    [sha512, "sha512"],
    [pss, "rsa-pss"],
  ] as const) {
    const diagnosis = await scheme().explain?.(refusedDelivery("{}", signature), nowMs);
    expect(diagnosis).toMatchObject({ cause: "signature-algorithm", message: expect.stringContaining(name) });
  }
});

test.each(["der", "ieee-p1363"] as const)("finds the other layout of ECDSA for %s", async (ecdsaFormat) => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const options = { keys: pair.publicKey, algorithm: "ecdsa", header: "x-sig", encoding: "hex", ecdsaFormat } as const;
  const other = ecdsaFormat === "der" ? "ieee-p1363" : "der";
  const signature = sign("sha256", Buffer.from("{}"), { key: pair.privateKey, dsaEncoding: other }).toString("hex");
  const diagnosis = await publicKey(options).explain?.(refusedDelivery("{}", signature), nowMs);
  expect(diagnosis).toMatchObject({ cause: "signature-algorithm", message: expect.stringContaining(other) });
});

test("says what was tried when nothing fits, also for Ed25519", async () => {
  const pair = generateKeyPairSync("ed25519");
  const scheme = publicKey({ keys: pair.publicKey, algorithm: "ed25519", header: "x-sig", encoding: "hex" });
  const diagnosis = await scheme.explain?.(refusedDelivery("{}", "ab".repeat(64)), nowMs);
  expect(diagnosis).toMatchObject({ cause: "unknown", message: expect.stringContaining("Tried without success") });
});

test("says nothing of a delivery that it accepts", async () => {
  const delivery = refusedDelivery("{}", platform.sign("{}").toString("hex"));
  expect(await platform.scheme().explain?.(delivery, nowMs)).toBeUndefined();
});
