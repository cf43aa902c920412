import { ConfigError } from "@hooklatch/core/errors";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Fetch, FetchRequest } from "../../fetch.ts";
import { ChipApiError } from "./chip-api-error.ts";
import { createChipApi } from "./create-chip-api.ts";
import type { ChipApi } from "./create-chip-api.ts";

const token = "sk_hooklatch_7Jq2";
const pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";
const base = "https://gate.chip-in.asia/api/v1";
const input = { title: "Shop", callback: "https://shop.example/hook", events: ["purchase.paid"] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function wire(id: string, changes: object = {}) {
  const times = { created_on: 1_800_000_000, updated_on: 1_800_000_060 };
  return { type: "webhook", id, ...times, ...input, all_events: false, public_key: pem, ...changes };
}

const webhook = {
  id: "w-1",
  title: "Shop",
  callback: "https://shop.example/hook",
  events: ["purchase.paid"],
  allEvents: false,
  publicKey: pem,
  createdAt: "2027-01-15T08:00:00.000Z",
  updatedAt: "2027-01-15T08:01:00.000Z",
};

const json = (value: unknown, status = 200) => Response.json(value, { status });

function fault(code?: string): TypeError {
  const cause = Object.assign(new Error("socket"), code === undefined ? {} : { code });
  return new TypeError("fetch failed", { cause });
}

/** An API that answers the calls one after the other; an error is thrown. The last answer repeats. */
function setUp(...answers: readonly (Response | Error)[]) {
  const calls: { readonly url: string; readonly request: FetchRequest }[] = [];
  const fetch: Fetch = async (url, request) => {
    const answer = answers[Math.min(calls.length, answers.length - 1)];
    calls.push({ url, request });
    if (answer instanceof Response) return answer.clone();
    throw answer ?? new Error("no answer was prepared");
  };
  return { api: createChipApi({ token, fetch }), calls };
}

/** Waits for a call while all timers pass. */
async function settle<Value>(work: Promise<Value>): Promise<Value> {
  const [result] = await Promise.allSettled([work, vi.advanceTimersByTimeAsync(60_000)]);
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

/** The error that a call rejects with. */
async function errorOf(work: Promise<unknown>): Promise<ChipApiError> {
  const error = await settle(work).catch((reason: unknown) => reason);
  if (error instanceof ChipApiError) return error;
  throw new Error(`no ChipApiError, but ${String(error)}`);
}

const calls: readonly (readonly [string, string, (api: ChipApi) => Promise<unknown>])[] = [
  ["list", "GET /webhooks/", ({ webhooks }) => webhooks.list()],
  ["retrieve", "GET /webhooks/w-1/", ({ webhooks }) => webhooks.retrieve("w-1")],
  ["create", "POST /webhooks/", ({ webhooks }) => webhooks.create(input)],
  ["update", "PATCH /webhooks/w-1/", ({ webhooks }) => webhooks.update("w-1", { title: "New" })],
  ["replace", "PUT /webhooks/w-1/", ({ webhooks }) => webhooks.replace("w-1", input)],
  ["delete", "DELETE /webhooks/w-1/", ({ webhooks }) => webhooks.delete("w-1")],
  ["companyKey", "GET /public_key/", (api) => api.companyKey()],
];

describe("requests", () => {
  test.each(calls)("%s is %s with the token, and follows no redirect", async (_, request, call) => {
    const { api, calls: made } = setUp(json({ message: "stop here" }, 409));
    await errorOf(call(api));
    const { url, request: sent } = made[0] ?? { url: "", request: undefined };
    expect(`${sent?.method} ${url}`).toBe(request.replace(" ", ` ${base}`));
    expect(sent).toMatchObject({ redirect: "error", headers: { authorization: `Bearer ${token}` } });
    expect(made).toHaveLength(1);
  });

  test("a new webhook is sent as CHIP names its fields, and nothing else", async () => {
    const { api, calls: made } = setUp(json(wire("w-1"), 201));
    // An object with more in it than is asked for, as a spread of options has.
    const more = { ...input, token };
    expect(await api.webhooks.create(more)).toEqual(webhook);
    expect(made[0]?.request.headers?.["content-type"]).toBe("application/json");
    expect(JSON.parse(made[0]?.request.body ?? "")).toEqual({ ...input, all_events: false });
  });

  test("a webhook of all events names none", async () => {
    const { api, calls: made } = setUp(json(wire("w-1", { all_events: true, events: [] })));
    const { title, callback } = input;
    expect(await api.webhooks.replace("w-1", { title, callback, allEvents: true })).toMatchObject({ allEvents: true });
    expect(JSON.parse(made[0]?.request.body ?? "")).toEqual({ title, callback, all_events: true });
  });

  test("a change of the events ends the delivery of all events", async () => {
    const { api, calls: made } = setUp(json(wire("w-1")));
    await api.webhooks.update("w-1", { events: ["purchase.paid"] });
    expect(JSON.parse(made[0]?.request.body ?? "")).toEqual({ events: ["purchase.paid"], all_events: false });
  });

  test("a delete needs no body in the answer", async () => {
    const { api, calls: made } = setUp(new Response(null, { status: 204 }));
    await api.webhooks.delete("w-1");
    expect(made).toHaveLength(1);
  });

  test("the company's key is read out of the JSON string", async () => {
    const { api } = setUp(json(pem));
    expect(await api.companyKey()).toBe(pem);
  });

  test.each(["", "..", "a/b", "a?b", "w 1", "%2e"])("refuses the id %j, which would lead elsewhere", async (id) => {
    const { api, calls: made } = setUp(json({}));
    await expect(api.webhooks.retrieve(id)).rejects.toThrow(ConfigError);
    await expect(api.webhooks.delete(id)).rejects.toThrow("The id is not that of a webhook");
    expect(made).toEqual([]);
  });
});

describe("a refusal", () => {
  test("names the field, CHIP's words, its code and the status", async () => {
    const { api } = setUp(json({ title: { message: "Too long.", code: "max_length" } }, 400));
    const error = await errorOf(api.webhooks.create(input));
    expect(error.message).toBe(
      `CHIP's API: POST /webhooks/ was refused with 400. CHIP says: title: "Too long." (max_length).`,
    );
    expect(error).toMatchObject({
      request: "POST /webhooks/",
      status: 400,
      problems: [{ field: "title", message: "Too long.", code: "max_length" }],
      mayHaveSucceeded: false,
    });
  });

  test.each([
    [401, { detail: "No such key." }, `CHIP says: "No such key.". Check token:`],
    [403, { message: "Not yours." }, `CHIP says: "Not yours.". Check token:`],
    [404, { detail: "Not found." }, "No webhook of this key has this id: a test key knows test webhooks only"],
    [429, { retry_after: 7 }, "wait 7 seconds"],
    [429, {}, "wait a while"],
  ])("with %i says what to check", async (status, body, text) => {
    const { api, calls: made } = setUp(json(body, status));
    expect((await errorOf(api.webhooks.retrieve("w-1"))).message).toContain(text);
    expect(made).toHaveLength(1);
  });

  test("with 404 for the list tells to check the base URL", async () => {
    const { api } = setUp(new Response("<html>\nno such page", { status: 404 }));
    expect((await errorOf(api.webhooks.list())).message).toBe(
      `CHIP's API: GET /webhooks/ was refused with 404. The answer begins with "<html> no such page". ` +
        "Check baseUrl: it is the root of CHIP's API and ends with /api/v1.",
    );
  });

  test.each([
    ["an object that is no webhook", json({ id: "w-1" })],
    ["a webhook without a key", json(wire("w-1", { public_key: "" }))],
    ["no JSON", new Response("<html>")],
    ["nothing", new Response(null)],
    ["null", json(null)],
  ])("is made of %s in place of a webhook", async (_, answer) => {
    const { api, calls: made } = setUp(answer);
    expect((await errorOf(api.webhooks.retrieve("w-1"))).message).toContain("but not with a webhook");
    expect(made).toHaveLength(1);
  });

  test("is made of another company key than a JSON string", async () => {
    const { api } = setUp(json({ public_key: pem }));
    expect((await errorOf(api.companyKey())).message).toContain("a JSON string that holds a PEM");
  });
});

describe("faults that may pass", () => {
  const passing = [fault("ECONNRESET"), fault(), json("", 500), new Response("<html>", { status: 503 })] as const;

  test.each(passing)("are tried again: %s", async (answer) => {
    const { api, calls: made } = setUp(answer, answer, json(wire("w-1")));
    expect(await settle(api.webhooks.update("w-1", { title: "Shop" }))).toEqual(webhook);
    expect(made).toHaveLength(3);
  });

  test.each(passing)("are no reason to send a POST again, which may have done its work: %s", async (answer) => {
    const { api, calls: made } = setUp(answer, json(wire("w-1"), 201));
    const error = await errorOf(api.webhooks.create(input));
    expect(error.mayHaveSucceeded).toBe(true);
    expect(error.message).toContain("The webhook may have been made: list the webhooks before you try again");
    expect(made).toHaveLength(1);
  });

  test.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"])(
    "let a POST be sent again after %s, since nothing was sent",
    async (code) => {
      const { api, calls: made } = setUp(fault(code), json(wire("w-1"), 201));
      expect(await settle(api.webhooks.create(input))).toEqual(webhook);
      expect(made).toHaveLength(2);
    },
  );

  test("end after three tries with an error that counts them", async () => {
    const down = setUp(fault("ECONNREFUSED"));
    const unreachable = await errorOf(down.api.webhooks.create(input));
    expect(unreachable.message).toBe("CHIP's API: POST /webhooks/ could not be reached (ECONNREFUSED), tried 3 times.");
    expect(unreachable).toMatchObject({ status: undefined, mayHaveSucceeded: false });
    expect(down.calls).toHaveLength(3);

    const broken = setUp(json({ detail: "Try later." }, 502));
    expect((await errorOf(broken.api.webhooks.list())).message).toBe(
      `CHIP's API: GET /webhooks/ failed with 502, tried 3 times. CHIP says: "Try later.".`,
    );
  });

  test("count a webhook as deleted that is gone at the second try, but not at the first", async () => {
    const lost = setUp(fault("ECONNRESET"), json({ detail: "Not found." }, 404));
    await settle(lost.api.webhooks.delete("w-1"));
    const never = setUp(json({ detail: "Not found." }, 404));
    expect((await errorOf(never.api.webhooks.delete("w-1"))).status).toBe(404);
  });
});

describe("the token", () => {
  test("stands in no error, whatever is answered or thrown", async () => {
    const quoting = new TypeError(`bad header "Bearer ${token}"`, {
      cause: Object.assign(new Error(`Bearer ${token}`), { code: `Bearer ${token}` }),
    });
    const answers = [
      quoting,
      json({ detail: `no such key: ${token}` }, 401),
      json({ [token]: { message: token, code: token } }, 400),
      new Response(`<p>${token}</p>`, { status: 500 }),
      json({ results: [token] }),
      json({ results: [], next: `https://${token}.example/` }),
    ];
    for (const answer of answers) {
      const error = await errorOf(setUp(answer).api.webhooks.list());
      expect(error.message).toContain("CHIP's API: GET /webhooks/ ");
      expect(`${error.stack} ${String(error.cause)} ${JSON.stringify(error.problems)}`).not.toContain(token);
    }
  });

  test.each([undefined, "", " ", 5])("%j is refused at start-up", (bad) => {
    // @ts-expect-error the types forbid it; an unset environment variable does not
    expect(() => createChipApi({ token: bad })).toThrow("; did you set CHIP_SECRET_KEY?");
  });

  test.each(["http://chip.example/api/v1", "chip.example", "https://chip.example/?a=b"])(
    "is not sent to %j",
    (baseUrl) => {
      expect(() => createChipApi({ token, baseUrl })).toThrow(/^baseUrl /);
    },
  );
});
