import { X509Certificate } from "node:crypto";

import { WebhookError } from "@hooklatch/core/errors";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Certificates } from "./certificates.ts";
import type { Fetch, FetchRequest } from "../fetch.ts";

// Made for this test, each signed by its own key, which nobody has kept.
const rsa = `-----BEGIN CERTIFICATE-----
MIIDFTCCAf2gAwIBAgIUIXDjn9QjaCE+420deLvACuWI+xAwDQYJKoZIhvcNAQEL
BQAwGjEYMBYGA1UEAwwPc25zLmV4YW1wbGUuY29tMB4XDTI2MTEyMTAzMTczMFoX
DTI3MTEyMTAzMTczMFowGjEYMBYGA1UEAwwPc25zLmV4YW1wbGUuY29tMIIBIjAN
BgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy4G4xqO/2dNaVfNHCbSK3NCJFTsl
K1gWEsHTnDXiWPSj3jexb80ofMaMzOXtxPce7lzJBZ4U7mqS38mkkFI/n9ZtZokt
CKiOYz83MO51H5kFkI+F4k3X71+OkIz9/RZxvJfSu5HEYTva3y7aXLMg4YVgCPty
C2mforvk1XxGwLU/berVRO0VX5E236nIh2+QSN4TKENo0NRAOpRmwZVxW4QSNERX
eULL1WQZD+elZwpSIBKpojG6ZSzYvyk7vQ3Sbrrk95xb9rdM2JKmIFp/ZjADF3fe
mah3Dfi+0tEo2Zmxig4aAcQq4q8wfor7giqoUd6wIUfO0+Auol7qrxHszwIDAQAB
o1MwUTAdBgNVHQ4EFgQULtkzUtSDwpxDoYT8SJ/26ZOY0XEwHwYDVR0jBBgwFoAU
LtkzUtSDwpxDoYT8SJ/26ZOY0XEwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0B
AQsFAAOCAQEAqhYsqqT0LRIpXZGLOB20RMsGuCVyTra/5argPQNzfbMnp/YssuaU
Dixnj6x7CtjWs1hD0zocyQQiAxUmsVmjJNmjfqLEOuYiveOSEUvymGFLrtL1nz6C
Tt9c0HvaZpDQDvCCPMid4HouBEWl/ANPi5DuIiLPEjDEfuNRXQmkW3mY0laIfgFm
EP1VdKginuFnnJXRwjW+Vz6PVw23Y5kRt/LcwPMUtsr5S80dQRkbYlNSTjdwg+cZ
oHI+i06HJU34kdDb4P2hc44kzb52RE09kxLaoDGM/wozktHMGC1ewSHfzbjS4P2S
s1MrQ4O/uMBZrIyLEz93GWVFg1axhlsf8w==
-----END CERTIFICATE-----`;
const rsa1024 = `-----BEGIN CERTIFICATE-----
MIICEDCCAXmgAwIBAgIUS0y3hlJ/hCRE4BlWJcaLfk0eK0UwDQYJKoZIhvcNAQEL
BQAwGjEYMBYGA1UEAwwPc25zLmV4YW1wbGUuY29tMB4XDTI2MTEyMTAzMTczMFoX
DTI3MTEyMTAzMTczMFowGjEYMBYGA1UEAwwPc25zLmV4YW1wbGUuY29tMIGfMA0G
CSqGSIb3DQEBAQUAA4GNADCBiQKBgQClwiQfXll5nt5OlCeyqNZSsBTUPfzI+6sH
Kw9s3+tp+8lBk5v1ID79D1PFU/+3zStLSPqR2X1jzAML55bAWKTeo2TGOG9nPmlx
ZApmRyg5oJ73oAkx0zYrbF/yYfIzyWC7/tm7t2unTFCimOLbgQbOPpGiJGprmzIB
En0wtwLHmQIDAQABo1MwUTAdBgNVHQ4EFgQUGS4jUEECSTTI7uie3Nsk/d0N9Ycw
HwYDVR0jBBgwFoAUGS4jUEECSTTI7uie3Nsk/d0N9YcwDwYDVR0TAQH/BAUwAwEB
/zANBgkqhkiG9w0BAQsFAAOBgQBDek0PlDuLtIHymNkrj2Qvcgz5RBykwMc7heFt
IgVGvUhiYZUKbheQItDUlKnhIfmahVoHGdts/6H0eUt1hIfB+ruP7zYYeWElaFpP
1HUNb6TXRkF5icg+dCvyuAN1mTWbNPfniZE/k/qJ513bf241s3LeQ0FgE6TKvZBh
IaFoLw==
-----END CERTIFICATE-----`;
const rsaPss = `-----BEGIN CERTIFICATE-----
MIIDfTCCAjCgAwIBAgIUKA1c/Vi7BLkNJI4oZ4TTYIFp6EcwQgYJKoZIhvcNAQEK
MDWgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEF
AKIEAgIA3jAaMRgwFgYDVQQDDA9zbnMuZXhhbXBsZS5jb20wHhcNMjYxMTIxMDMz
MTA0WhcNMjcxMTIxMDMzMTA0WjAaMRgwFgYDVQQDDA9zbnMuZXhhbXBsZS5jb20w
ggEgMAsGCSqGSIb3DQEBCgOCAQ8AMIIBCgKCAQEAjD7jXjJEOcyJy3lMpbbvUILP
iihC0rtZSmrbDRrnw78fpdEMBcqM/S5b5LO4F0QXiBWb1/UFSH8nfyeikLUv6eS0
7IFQxFUbbkArkH3Y0yGctDjWjJZwmpNQzRoOFu/MYR2E1Ba6ncx5jd4A7LQqJrb+
Tl5Lkg9k+NkYfJ8HYY3+6+NIHBR8CP8BtR1St4uZrlKDhg3vyrsjdH7sslaJyHwQ
j/ldYPRB0UwcrDl+omamKJz+AZpr427KLNR48khVQDzMQqq/cXnpAbkPli7HvP6d
4b9DOR85MoS3oyW+wj9/Yl/dFVL5QqZKqBNFUCVfKG5ZEgyjfA+sOZDb4qmlRwID
AQABo1MwUTAdBgNVHQ4EFgQUb17d/+Vm6/dIxMjp1J5vo+cwozswHwYDVR0jBBgw
FoAUb17d/+Vm6/dIxMjp1J5vo+cwozswDwYDVR0TAQH/BAUwAwEB/zBCBgkqhkiG
9w0BAQowNaAPMA0GCWCGSAFlAwQCAQUAoRwwGgYJKoZIhvcNAQEIMA0GCWCGSAFl
AwQCAQUAogQCAgDeA4IBAQCBVAV2X+R727U0hdyQNzZ/sYur84L4W80imfM3yIpR
7QlAzoqvcIcisNZBbg4xGOdW4+e4Wrt6Caz+plaSu1XjcfWhXrFNOc8CCNXuyLcM
Ezoo72DA/0ggJCE6kqNtVqyaeBjpa5CgBSMkVk/R3vI+SBxuZ19+eIVTHFs2wdJL
FCy1lpxxdz7vawi9irFqPlqKNW+F1X+hqjLb5Ipt8sHaXrHn9pQ8RtzM0tI6l6YR
U4vZ2kqiP1aZND/Zr6Nc6lALNQFpyPemQl/UwU/MK1vHe8xn05a/xvH5hWFo6sDx
bjMaRZdtm76S3gNWONK+iZbMkxQ0fgupsyLzHE6JXh/+
-----END CERTIFICATE-----`;
const elliptic = `-----BEGIN CERTIFICATE-----
MIIBiTCCAS+gAwIBAgIUW+M9XR+LWzFbh/c65eP8YkGcUngwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPc25zLmV4YW1wbGUuY29tMB4XDTI2MTEyMTAzMTczMFoXDTI3
MTEyMTAzMTczMFowGjEYMBYGA1UEAwwPc25zLmV4YW1wbGUuY29tMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEfCMcuuAbxeFPMqKtsrGv6ZxdXvRqhNduYpvA+gRZ
05jcww0G2s2S4UzJrAWqFx60Hc9D14LfUqV9nzTO5RmDIKNTMFEwHQYDVR0OBBYE
FJiqYiOHJ3/VUMApsYZIMpQqSyaoMB8GA1UdIwQYMBaAFJiqYiOHJ3/VUMApsYZI
MpQqSyaoMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgZo1rQ1PP
/GMdo8QMGUPX0bZWE8C3nYP2jnlBUyVQTHACIQDxl7mqce6NerrHyuGDCk9NIUsr
p7G9+lBzX2dJa00H8g==
-----END CERTIFICATE-----`;

const { validFromDate, validToDate } = new X509Certificate(rsa);
const nowMs = validFromDate.getTime() + 86_400_000;
const url = (name: string | number) => `https://sns.eu-west-1.amazonaws.com/${name}.pem`;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Certificates out of a fetch that answers as the test says. */
function setUp(answer: (address: string) => unknown = () => new Response(rsa), cacheMs = 60_000) {
  const calls: { readonly address: string; readonly request: FetchRequest }[] = [];
  const fetch: Fetch = async (address, request) => {
    calls.push({ address, request });
    return (await answer(address)) as Response; // what a fetch of the user's may answer
  };
  const certificates = new Certificates(fetch, cacheMs);
  const ask = async (address = url("a"), atMs = nowMs): Promise<string> => {
    try {
      return (await certificates.keyFor(address, atMs)).asymmetricKeyType ?? "";
    } catch (error) {
      return error instanceof WebhookError ? `${error.code} ${error.status} ${error.message}` : String(error);
    }
  };
  return { calls, ask };
}

test("fetches a certificate once, however many ask for it, and again when it was kept for long enough", async () => {
  const { calls, ask } = setUp();
  expect(await Promise.all([ask(), ask(), ask()])).toEqual(["rsa", "rsa", "rsa"]);
  expect(await ask(url("a"), nowMs + 59_999)).toBe("rsa");
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ address: url("a"), request: { method: "GET", redirect: "error" } });
  expect(await ask(url("a"), nowMs + 60_000)).toBe("rsa");
  expect(calls).toHaveLength(2);
});

test("holds a certificate to its dates every time, though it is kept", async () => {
  const { calls, ask } = setUp(undefined, Number.MAX_SAFE_INTEGER);
  const [fromMs, untilMs] = [validFromDate.getTime(), validToDate.getTime()];
  for (const atMs of [fromMs, untilMs]) expect(await ask(url("a"), atMs)).toBe("rsa");
  for (const atMs of [fromMs - 1, untilMs + 1, Number.NaN]) {
    expect(await ask(url("a"), atMs)).toContain("ERR_SIGNATURE_MISMATCH 401");
  }
  expect(calls).toHaveLength(1);
});

test.each([
  ["an elliptic key", () => new Response(elliptic), "not RSA of 2,048 bits"],
  ["a key for another padding", () => new Response(rsaPss), "not RSA of 2,048 bits"],
  ["a short RSA key", () => new Response(rsa1024), "not RSA of 2,048 bits"],
  ["an error page", () => new Response("<html>"), "no certificate"],
  ["nothing", () => new Response(null), "no certificate"],
  ["403", () => new Response(rsa, { status: 403 }), "answered 403"],
  ["404", () => new Response(rsa, { status: 404 }), "answered 404"],
  ["500", () => new Response(rsa, { status: 500 }), "answered 500"],
  ["204", () => new Response(null, { status: 204 }), "answered 204"],
  ["302", () => new Response(null, { status: 302, headers: { location: url("b") } }), "answered 302"],
  ["what a redirect led to", () => ({ status: 200, redirected: true, body: new Response(rsa).body }), "redirected"],
  ["one byte too many", () => new Response(rsa + " ".repeat(16 * 1024 + 1 - rsa.length)), "more than 16384 bytes"],
  ["a network fault", () => Promise.reject(new TypeError(`fetch failed for ${url("a")}`)), "could not be reached"],
])("%s in place of a certificate is a fault that may pass, so that SNS tries again", async (_what, answer, why) => {
  const { ask } = setUp(answer);
  const answered = await ask();
  expect(answered).toContain("ERR_KEY_SOURCE_UNAVAILABLE 503");
  expect(answered).toContain(why);
  expect(answered).not.toContain(url("a"));
});

test("takes a certificate of the largest size", async () => {
  expect(await setUp(() => new Response(rsa.padEnd(16 * 1024))).ask()).toBe("rsa");
});

test("stops reading an endless answer", async () => {
  let chunks = 0;
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024).fill(++chunks)) });
  expect(await setUp(() => new Response(endless)).ask()).toContain("more than 16384 bytes");
  expect(chunks).toBeLessThan(32);
});

test.each([
  ["the answer", () => new Promise(() => {})],
  ["the body", () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))],
])("waits for %s for 5 seconds, even if a fetch does not heed its signal", async (_what, answer) => {
  const { calls, ask } = setUp(answer);
  const asking = ask();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(calls[0]?.request.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await asking).toContain("ERR_KEY_SOURCE_UNAVAILABLE 503");
  expect(calls[0]?.request.signal.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("leaves an address that failed alone for 5 seconds, and no other", async () => {
  let isDown = true;
  const { calls, ask } = setUp((address) => new Response(rsa, { status: isDown && address === url("a") ? 500 : 200 }));
  expect(await ask()).toContain("answered 500");
  isDown = false;
  expect(await ask(url("a"), nowMs + 4_999)).toContain("answered 500");
  expect(await ask(url("b"), nowMs + 4_999)).toBe("rsa");
  expect(calls).toHaveLength(2);
  expect(await ask(url("a"), nowMs + 5_000)).toBe("rsa");
});

test("fetches four at once, has 64 wait and turns the rest of a storm of other names away, while what it has still serves", async () => {
  let isStorm = false;
  const held = Promise.withResolvers<Response>();
  const { calls, ask } = setUp(() => (isStorm ? held.promise.then((answer) => answer.clone()) : new Response(rsa)));
  expect(await ask(url("known"))).toBe("rsa");
  isStorm = true;
  const storm = Array.from({ length: 1000 }, (_, index) => ask(url(index)));
  expect(await ask(url("known"))).toBe("rsa");
  expect(calls).toHaveLength(5);
  held.resolve(new Response("", { status: 403 }));
  const answers = await Promise.all(storm);
  expect(answers.filter((answer) => answer.includes("answered 403"))).toHaveLength(68);
  expect(answers.filter((answer) => answer.includes("503") && answer.includes("too many others"))).toHaveLength(932);
  isStorm = false;
  expect(await ask(url("later"))).toBe("rsa");
});

test("fetches a certificate that it knows anew even during a storm of other names", async () => {
  let isStorm = false;
  const { ask } = setUp((address) => (isStorm && address !== url("known") ? new Promise(() => {}) : new Response(rsa)));
  expect(await ask(url("known"))).toBe("rsa");
  isStorm = true;
  for (let index = 0; index < 10; index++) void ask(url(index));
  expect(await ask(url("known"), nowMs + 60_000)).toBe("rsa");
});

test("keeps sixteen certificates: those that were used last", async () => {
  const { calls, ask } = setUp();
  for (let index = 0; index < 16; index++) await ask(url(index));
  await ask(url(0));
  await ask(url("one more"));
  expect(calls).toHaveLength(17);
  await ask(url(0));
  await ask(url(15));
  expect(calls).toHaveLength(17);
  await ask(url(1));
  expect(calls).toHaveLength(18);
});
