import { ConfigError } from "@hooklatch/core/errors";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { companyKey } from "./company-key.ts";
import type { Fetch, FetchRequest } from "../fetch.ts";

const token = "sk_hooklatch_7Jq2";
const pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Answers the calls one after the other; an error is thrown. The last answer repeats. */
function fakeFetch(...answers: readonly (Response | Error)[]) {
  const calls: { readonly url: string; readonly request: FetchRequest }[] = [];
  const fetch: Fetch = async (url, request) => {
    const answer = answers[Math.min(calls.length, answers.length - 1)];
    calls.push({ url, request });
    if (answer instanceof Response) return answer.clone();
    throw answer ?? new Error("no answer was prepared");
  };
  return { fetch, calls };
}

/** Runs the resolver while all timers pass, and answers with the key or the error's text. */
async function resolve(fetch: Fetch, baseUrl?: string): Promise<string> {
  const resolver = companyKey(baseUrl === undefined ? { token, fetch } : { token, fetch, baseUrl });
  const outcome = resolver().then(
    (key) => String(key),
    (error: unknown) => String(error),
  );
  await vi.advanceTimersByTimeAsync(20_000);
  return outcome;
}

const json = (value: unknown, status = 200) => Response.json(value, { status });

test("asks CHIP for the key with the token and reads it out of the JSON string", async () => {
  const { fetch, calls } = fakeFetch(json(pem));
  expect(await resolve(fetch)).toBe(pem);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.url).toBe("https://gate.chip-in.asia/api/v1/public_key/");
  expect(calls[0]?.request).toMatchObject({
    method: "GET",
    redirect: "error",
    headers: { authorization: `Bearer ${token}` },
  });
});

test("asks another address when it is told to, with or without a slash at its end", async () => {
  const { fetch, calls } = fakeFetch(json(pem));
  await resolve(fetch, "https://chip.example/api/v1/");
  await resolve(fetch, "http://127.0.0.1:4010/api/v1");
  expect(calls.map(({ url }) => url)).toEqual([
    "https://chip.example/api/v1/public_key/",
    "http://127.0.0.1:4010/api/v1/public_key/",
  ]);
});

test("uses the global fetch of the moment when none is given", async () => {
  const { fetch, calls } = fakeFetch(json(pem));
  const resolver = companyKey({ token });
  vi.stubGlobal("fetch", fetch);
  expect(await resolver()).toBe(pem);
  expect(calls).toHaveLength(1);
  vi.unstubAllGlobals();
});

test.each([json("", 500), json("", 503), json("", 429), new TypeError("fetch failed"), new Error("reset")])(
  "tries again after a fault that may pass: %s",
  async (fault) => {
    const { fetch, calls } = fakeFetch(fault, fault, json(pem));
    expect(await resolve(fetch)).toBe(pem);
    expect(calls).toHaveLength(3);
  },
);

test("gives up after three tries and says what was answered", async () => {
  const { fetch, calls } = fakeFetch(json({ detail: "down" }, 502));
  expect(await resolve(fetch)).toContain("answered 502");
  expect(calls).toHaveLength(3);
});

test.each([
  [401, "companyKey.token"],
  [403, "companyKey.token"],
  [404, "companyKey.baseUrl"],
  [400, "companyKey.baseUrl"],
])("does not try again after %i, and names %s as the option to check", async (status, option) => {
  const { fetch, calls } = fakeFetch(json({ detail: "no" }, status), json(pem));
  expect(await resolve(fetch)).toMatch(new RegExp(`answered ${status}\\. Check ${option}:`));
  expect(calls).toHaveLength(1);
});

test.each([
  ["an object", json({ public_key: pem })],
  ["another text", json("hello")],
  ["a bare PEM", new Response(pem)],
  ["nothing", new Response(null, { status: 200 })],
  ["a page", new Response("<html>")],
])("refuses %s in place of the key, at once", async (_, answer) => {
  const { fetch, calls } = fakeFetch(answer, json(pem));
  expect(await resolve(fetch)).toContain("not with a JSON string that holds a PEM");
  expect(calls).toHaveLength(1);
});

test("stops reading an answer that is too long for a key", async () => {
  let sent = 0;
  async function* endless() {
    for (;;) {
      sent += 1;
      yield new Uint8Array(1024);
    }
  }
  expect(await resolve(async () => ({ status: 200, body: endless() }))).toContain("more than 16384 bytes");
  expect(sent).toBe(17);
});

test.each([
  ["never answers", async () => new Promise<never>(() => {})],
  ["never ends its answer", async () => ({ status: 200, body: stuck() })],
])("gives up after eight seconds when the API %s", async (_, fetch) => {
  const started = Date.now();
  let endedAfterMs = 0;
  const outcome = companyKey({ token, fetch })().catch((error: unknown) => {
    endedAfterMs = Date.now() - started;
    return String(error);
  });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await outcome).toContain("gave no key within 8 seconds");
  expect(endedAfterMs).toBe(8_000);
});

async function* stuck(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
  await new Promise<never>(() => {});
}

test("aborts the request at the deadline, and leaves no timer behind after an answer", async () => {
  let signal: AbortSignal | undefined;
  const fetch: Fetch = async (_, request) => {
    signal = request.signal;
    return new Promise<never>(() => {});
  };
  const refused = companyKey({ token, fetch })().catch(String);
  await vi.advanceTimersByTimeAsync(7_999);
  expect(signal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await refused).toContain("no key within");
  expect(signal?.aborted).toBe(true);

  await companyKey({ token, fetch: fakeFetch(json(pem)).fetch })();
  expect(vi.getTimerCount()).toBe(0);
});

test("keeps the token out of every error", async () => {
  const quoting = new TypeError(`bad header "Bearer ${token}"`, {
    cause: Object.assign(new Error(`Bearer ${token}`), { code: `Bearer ${token}` }),
  });
  const faults = [quoting, json(token, 401), json(token, 500), json(token), new Response(token)];
  const texts = await Promise.all(
    faults.map(async (fault) => {
      const error: unknown = await Promise.all([
        companyKey({ token, fetch: fakeFetch(fault).fetch })().catch((reason: unknown) => reason),
        vi.advanceTimersByTimeAsync(20_000),
      ]).then(([reason]) => reason);
      return error instanceof Error ? `${error.stack} ${String(error.cause)}` : "no error";
    }),
  );
  for (const text of texts) {
    expect(text).toContain("The company key could not be fetched");
    expect(text).not.toContain(token);
  }
});

test("names the network fault by its code", async () => {
  const fault = new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) });
  expect(await resolve(fakeFetch(fault).fetch)).toContain("could not be reached (ECONNREFUSED)");
});

/** What a function throws. */
function errorOf(run: () => unknown): { readonly code: string; readonly message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error("no ConfigError was thrown");
}

test.each([undefined, null, "", "  ", 5])("refuses the token %j at start-up", (bad) => {
  // @ts-expect-error the types forbid it; an unset environment variable does not
  const { code, message } = errorOf(() => companyKey({ token: bad }));
  expect(code).toBe("ERR_SECRET_MISSING");
  expect(message).toContain("CHIP_SECRET_KEY");
});

test.each(["abc\n", "a b", "tök", "a\u0000"])("refuses the token %j, which no header can carry", (bad) => {
  const { code, message } = errorOf(() => companyKey({ token: bad }));
  expect(code).toBe("ERR_OPTION_INVALID");
  expect(message).not.toContain(bad);
});

test.each([
  "http://gate.chip-in.asia/api/v1",
  "http://localhost.example/api/v1",
  "ftp://localhost/",
  "gate.chip-in.asia",
  "",
  "https://user:secret@chip.example/",
  "https://chip.example/?token=secret",
  "https://chip.example/#secret",
])("refuses the base URL %j at start-up", (baseUrl) => {
  const { code, message } = errorOf(() => companyKey({ token, baseUrl }));
  expect(code).toBe("ERR_OPTION_INVALID");
  expect(message).not.toContain("secret");
});
