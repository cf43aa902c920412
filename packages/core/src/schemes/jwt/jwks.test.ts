import { generateKeyPairSync } from "node:crypto";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { ec, jwkOf, nowMs, provenBy, rsa, signToken, tokenScheme, withHeader } from "../../test-support/test-tokens.ts";
import type { JwksAnswer, JwksFetch, JwksOptions, JwksRequest } from "./jwks.ts";
import type { JwtOptions } from "./options.ts";

const second = 1_000;
const next = generateKeyPairSync("ec", { namedCurve: "P-256" });
const keyNow = { ...jwkOf(ec.publicKey), kid: "now", use: "sig", alg: "ES256" };
const keyNext = { ...jwkOf(next.publicKey), kid: "next" };

/** A JWKS address whose answers the test gives, and a way to send tokens to a receiver that asks it. */
function addressWith(keys: unknown, changes: Partial<JwksOptions> = {}, options: Partial<JwtOptions> = {}) {
  const address = {
    requests: [] as { readonly url: string; readonly request: JwksRequest }[],
    answer: (_request: JwksRequest): Promise<JwksAnswer> => Promise.resolve(Response.json({ keys })),
  };
  const fetch: JwksFetch = (url, request) => {
    address.requests.push({ url, request });
    return address.answer(request);
  };
  const jwks = { jwksUrl: "https://keys.example/jwks.json", fetch, ...changes };
  const scheme = tokenScheme({ keys: jwks, maxAgeMs: 86_400_000, ...options });
  const send = async (kid: string | undefined, afterMs = 0, key = ec.privateKey) => {
    const head = kid === undefined ? {} : { kid };
    const token = await signToken({ head, key, claims: { exp: nowMs / 1000 + 86_400 } });
    return provenBy(scheme, withHeader(`Bearer ${token}`), nowMs + afterMs);
  };
  return { address, send };
}

describe("the address", () => {
  test("is asked with the first token and then for ten minutes no more", async () => {
    const { address, send } = addressWith([keyNow]);
    expect(address.requests).toHaveLength(0);
    for (const afterMs of [0, 1, 599_999]) expect(await send("now", afterMs)).toBe("nothing");
    expect(address.requests).toHaveLength(1);
    expect(await send("now", 600_000)).toBe("nothing");
    expect(address.requests).toHaveLength(2);
  });

  test("is asked for nothing but the keys, and follows no redirect", async () => {
    const { address, send } = addressWith([keyNow]);
    await send("now");
    const [{ url, request } = { url: "", request: undefined }] = address.requests;
    expect(url).toBe("https://keys.example/jwks.json");
    expect(request).toMatchObject({ method: "GET", redirect: "error" });
    expect(Object.keys(request?.headers ?? {})).toEqual(["accept"]);
  });

  test("is asked once by a hundred deliveries that wait for it", async () => {
    const { address, send } = addressWith([keyNow]);
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => send("now")));
    expect(new Set(outcomes)).toEqual(new Set(["nothing"]));
    expect(address.requests).toHaveLength(1);
  });

  test.each(["http://localhost:8080/jwks", "http://127.0.0.1/jwks", "http://[::1]:3/jwks"])(
    "may be %s on this machine",
    async (jwksUrl) => {
      expect(await addressWith([keyNow], { jwksUrl }).send("now")).toBe("nothing");
    },
  );
});

describe("a rotated key", () => {
  test("is fetched when a token names it, and the old one is gone with it", async () => {
    const { address, send } = addressWith([keyNow]);
    expect(await send("now")).toBe("nothing");
    address.answer = async () => Response.json({ keys: [keyNext] });
    expect(await send("next", 30 * second, next.privateKey)).toBe("nothing");
    expect(await send("now", 31 * second)).toBe("ERR_SIGNATURE_MISMATCH 401");
    expect(address.requests).toHaveLength(2);
  });

  test("stands beside the old one for as long as the set holds both", async () => {
    const { send } = addressWith([keyNow, keyNext]);
    expect(await send("now")).toBe("nothing");
    expect(await send("next", 0, next.privateKey)).toBe("nothing");
    expect(await send(undefined, 0, next.privateKey)).toBe("nothing");
    expect(await send("next", 0, ec.privateKey)).toBe("ERR_SIGNATURE_MISMATCH 401");
  });
});

describe("a storm of tokens with unknown kids", () => {
  const storm = async (send: (kid: string, afterMs: number) => Promise<string>) => {
    const outcomes = new Set<string>();
    for (let afterMs = 0; afterMs < 120 * second; afterMs += second / 2) {
      outcomes.add(await send(`kid-${afterMs}`, afterMs));
    }
    return outcomes;
  };

  test("asks the address once per cooldown", async () => {
    const { address, send } = addressWith([keyNow]);
    expect(await storm(send)).toEqual(new Set(["ERR_SIGNATURE_MISMATCH 401"]));
    expect(address.requests).toHaveLength(4);
  });

  test("asks an address that is down once per cooldown, too", async () => {
    const { address, send } = addressWith([keyNow]);
    address.answer = () => Promise.reject(new Error("down"));
    expect(await storm(send)).toEqual(new Set(["ERR_KEY_SOURCE_UNAVAILABLE 503"]));
    expect(address.requests).toHaveLength(4);
  });

  test("in parallel asks once, whether the address is up or down", async () => {
    for (const isUp of [true, false]) {
      const { address, send } = addressWith([keyNow]);
      if (!isUp) address.answer = () => Promise.reject(new Error("down"));
      await Promise.all(Array.from({ length: 100 }, (_, index) => send(`kid-${index}`)));
      expect(address.requests).toHaveLength(1);
    }
  });

  test("harms no token with a known key while the address is down, and an unknown one is not refused for good", async () => {
    const { address, send } = addressWith([keyNow]);
    expect(await send("now")).toBe("nothing");
    address.answer = () => Promise.reject(new Error("down"));
    for (const afterMs of [30 * second, 31 * second, 45 * second]) {
      expect(await send("next", afterMs, next.privateKey)).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
      expect(await send("now", afterMs)).toBe("nothing");
    }
    expect(address.requests).toHaveLength(2);
    address.answer = async () => Response.json({ keys: [keyNow, keyNext] });
    expect(await send("next", 60 * second, next.privateKey)).toBe("nothing");
  });

  test("keeps to a cooldown of one's own", async () => {
    const { address, send } = addressWith([keyNow], { cooldownMs: 60 * second, cacheMs: 3600 * second });
    await storm(send);
    expect(address.requests).toHaveLength(2);
  });
});

describe("an answer that is no good makes the delivery wait", () => {
  let chunks = 0;
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (chunks = 0; chunks < 1_000; chunks++) yield Buffer.alloc(64 * 1024, 0x20);
  };

  test("and is read no further than half a megabyte", async () => {
    const { address, send } = addressWith([keyNow]);
    address.answer = async () => ({ status: 200, body: endless() });
    expect(await send("now")).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
    expect(chunks).toBe(8);
  });

  test.each<readonly [string, () => Promise<JwksAnswer>]>([
    ["a refused connection", () => Promise.reject(new TypeError("fetch failed"))],
    ["a redirect that fetch hands over", async () => new Response(null, { status: 302 })],
    ["not found", async () => Response.json({ keys: [keyNow] }, { status: 404 })],
    ["a server error", async () => new Response("no", { status: 500 })],
    ["no body", async () => ({ status: 200, body: null })],
    ["no JSON", async () => new Response("<html>")],
    ["a list", async () => Response.json([keyNow])],
    ["null", async () => Response.json(null)],
    ["keys that are no list", async () => Response.json({ keys: { 0: keyNow } })],
    ["half an answer", async () => ({ status: 200, body: broken() })],
  ])("%s", async (_what, answer) => {
    const { address, send } = addressWith([keyNow]);
    address.answer = answer;
    expect(await send("now")).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
    expect(address.requests[0]?.request.signal.aborted).toBe(true);
  });

  test.each([[[]], [[{ kty: "oct", k: "c2VjcmV0" }]], [[null, 1, "key", {}]], [[jwkOf(rsa.publicKey)]]])(
    "a set without a key for the algorithm: %j",
    async (keys) => {
      expect(await addressWith(keys).send("now")).toBe("ERR_KEY_SOURCE_EMPTY 503");
    },
  );

  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"keys":[');
    throw new Error("connection reset");
  }
});

test("keys of other kinds in the set do no harm", async () => {
  const others = [{ kty: "new" }, { kty: "oct", k: "AA" }, { ...keyNow, use: "enc" }, jwkOf(rsa.publicKey), null];
  expect(await addressWith([...others, keyNow]).send("now")).toBe("nothing");
});

describe("an address that does not answer", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  test("is given up after five seconds, and its connection is closed", async () => {
    const { address, send } = addressWith([keyNow]);
    const asked = new Promise<void>((resolve) => {
      address.answer = ({ signal }) => {
        resolve();
        return new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")));
        });
      };
    });
    const waiting = send("now");
    await asked;
    await vi.advanceTimersByTimeAsync(4_999);
    expect(address.requests[0]?.request.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
    expect(vi.getTimerCount()).toBe(0);
  });
});
