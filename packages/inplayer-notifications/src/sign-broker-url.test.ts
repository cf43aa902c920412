import { expect, test } from "vitest";

import type { Credentials } from "./credentials.ts";
import { signBrokerUrl } from "./sign-broker-url.ts";

const credentials: Credentials = {
  accessKey: "ASIAHOOKLATCH",
  secretKey: "a/secret+key",
  sessionToken: "a token/with+signs=='(!*)",
  region: "eu-west-1",
  iotEndpoint: "mock.iot.invalid",
};
const nowMs = Date.UTC(2026, 8, 21, 14, 13, 20);

test("puts the session token behind the signature, and the secret nowhere", async () => {
  const url = await signBrokerUrl("wss://mock.iot.invalid/mqtt", credentials, nowMs);
  const [address, query = ""] = url.split("?");
  expect(address).toBe("wss://mock.iot.invalid/mqtt");
  expect(url).not.toContain("secret");
  const fields = query.split("&").map((field) => field.split("="));
  expect(Object.fromEntries(fields)).toEqual({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "ASIAHOOKLATCH%2F20260921%2Feu-west-1%2Fiotdevicegateway%2Faws4_request",
    "X-Amz-Date": "20260921T141320Z",
    "X-Amz-Expires": "300",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": expect.stringMatching(/^[0-9a-f]{64}$/),
    "X-Amz-Security-Token": "a%20token%2Fwith%2Bsigns%3D%3D%27%28%21%2A%29",
  });
  expect(fields.at(-1)?.[0]).toBe("X-Amz-Security-Token");
});

test("signs the same in the same second, whatever the session token is", async () => {
  const signatureOf = async (changes: Partial<Credentials>, atMs = nowMs): Promise<string | undefined> => {
    const url = await signBrokerUrl("wss://mock.iot.invalid/mqtt", { ...credentials, ...changes }, atMs);
    return /X-Amz-Signature=(\w+)/.exec(url)?.[1];
  };
  const signature = await signatureOf({});
  expect(await signatureOf({ sessionToken: "another" }, nowMs + 999)).toBe(signature);
  expect(await signatureOf({ secretKey: "another" })).not.toBe(signature);
  expect(await signatureOf({ region: "eu-west-2" })).not.toBe(signature);
  expect(await signatureOf({}, nowMs + 1_000)).not.toBe(signature);
});
