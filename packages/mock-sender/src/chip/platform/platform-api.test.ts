import { describe, expect, it } from "vitest";

import { createVirtualClock } from "../../virtual-clock.ts";
import { createPlatformApi } from "./platform-api.ts";
import type { ApiReply } from "./platform-api.ts";
import { createWebhookBook } from "./webhook-book.ts";

const tokens = { test: "mock-test", live: "mock-live" };
const input = { title: "Shop", callback: "https://shop.example/hook", events: ["purchase.paid"] };

function setUp(pageSize = 20) {
  const clock = createVirtualClock(1_800_000_000_000);
  const api = createPlatformApi({ book: createWebhookBook(clock), tokens, pageSize });
  const call = (request: string, body?: unknown, token: string | undefined = tokens.test): ApiReply => {
    const [method = "", path = ""] = request.split(" ");
    const url = path.startsWith("http") ? path : `http://127.0.0.1:4010/api/v1${path}`;
    return api({ method, url, authorization: `Bearer ${token}`, body: body === undefined ? "" : JSON.stringify(body) });
  };
  return { api, call, clock };
}

/** A part of a reply's body. */
function read(reply: ApiReply, name: string): unknown {
  return typeof reply.body === "object" && reply.body !== null ? Reflect.get(reply.body, name) : undefined;
}

const textOf = (reply: ApiReply, name: string): string => String(read(reply, name));

describe("the API of the mock platform", () => {
  it("keeps a webhook, shows it, changes it, replaces it and deletes it", () => {
    const { call, clock } = setUp();
    const made = call("POST /webhooks/", input);
    expect(made).toMatchObject({
      status: 201,
      body: { type: "webhook", ...input, all_events: false, created_on: 1_800_000_000, updated_on: 1_800_000_000 },
    });
    expect(textOf(made, "public_key")).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    const path = `/webhooks/${textOf(made, "id")}/`;
    expect(call(`GET ${path}`)).toEqual({ status: 200, body: made.body });

    void clock.advance(5_000);
    expect(call(`PATCH ${path}`, { title: "New" })).toMatchObject({ status: 200, body: { ...input, title: "New" } });
    expect(call(`PUT ${path}`, input)).toMatchObject({ status: 200, body: input });
    expect(textOf(call(`GET ${path}`), "public_key")).toBe(textOf(made, "public_key"));

    expect(call(`DELETE ${path}`)).toEqual({ status: 204 });
    expect(call(`GET ${path}`).status).toBe(404);
  });

  it("gives each webhook a key of its own, and each world a company key", () => {
    const { call } = setUp();
    const keys = [
      textOf(call("POST /webhooks/", input), "public_key"),
      textOf(call("POST /webhooks/", input), "public_key"),
      call("GET /public_key/").body,
      call("GET /public_key/", undefined, tokens.live).body,
    ];
    expect(new Set(keys).size).toBe(4);
    expect(call("GET /public_key/").body).toBe(keys[2]);
  });

  it.each([undefined, "", "Bearer", "Bearer nobody", "mock-test", "Basic mock-test"])(
    "answers 401 to %j in place of a secret key",
    (authorization) => {
      const { api } = setUp();
      const url = "http://127.0.0.1:4010/api/v1/webhooks/";
      expect(api({ method: "GET", url, authorization, body: "" }).status).toBe(401);
    },
  );

  it("keeps test and live apart", () => {
    const { call } = setUp();
    const path = `/webhooks/${textOf(call("POST /webhooks/", input), "id")}/`;
    expect(read(call("GET /webhooks/"), "results")).toHaveLength(1);
    expect(read(call("GET /webhooks/", undefined, tokens.live), "results")).toHaveLength(0);
    for (const method of ["GET", "PATCH", "PUT", "DELETE"]) {
      expect(call(`${method} ${path}`, input, tokens.live).status).toBe(404);
    }
    expect(call(`GET ${path}`).status).toBe(200);
  });

  it.each([
    [{ ...input, title: "t".repeat(101) }, { title: "max_length" }],
    [{ ...input, title: undefined }, { title: "required" }],
    [{ ...input, callback: `https://shop.example/${"h".repeat(480)}` }, { callback: "max_length" }],
    [{ ...input, callback: "nowhere" }, { callback: "invalid" }],
    [{ ...input, events: [] }, { events: "empty" }],
    [{ ...input, events: ["a.b", "a.b"] }, { events: "unique" }],
    [{ ...input, events: "a.b" }, { events: "invalid" }],
    [{ ...input, all_events: "yes" }, { all_events: "invalid" }],
    [{ ...input, events: undefined }, { __all__: "required" }],
    [{}, { title: "required", callback: "required", __all__: "required" }],
    [[], { __all__: "parse_error" }],
    [undefined, { __all__: "parse_error" }],
  ])("answers 400 to %j and names what is wrong", (body, codes) => {
    const { status, body: errors } = setUp().call("POST /webhooks/", body);
    expect(status).toBe(400);
    expect(errors).toEqual(
      Object.fromEntries(Object.entries(codes).map(([name, code]) => [name, { message: expect.any(String), code }])),
    );
  });

  it("ignores events where all are asked for, and asks for a list when they no longer are", () => {
    const { call } = setUp();
    const made = call("POST /webhooks/", { ...input, all_events: true });
    expect(made).toMatchObject({ status: 201, body: { all_events: true, events: [] } });
    const path = `/webhooks/${textOf(made, "id")}/`;
    expect(call(`PATCH ${path}`, { all_events: false }).status).toBe(400);
    const changed = call(`PATCH ${path}`, { all_events: false, events: ["payout.failed"] });
    expect(changed).toMatchObject({ status: 200, body: { all_events: false, events: ["payout.failed"] } });
  });

  it("asks a PUT for everything, a PATCH for nothing", () => {
    const { call } = setUp();
    const path = `/webhooks/${textOf(call("POST /webhooks/", input), "id")}/`;
    expect(call(`PUT ${path}`, { title: "New" }).status).toBe(400);
    expect(call(`PATCH ${path}`, {}).status).toBe(200);
  });

  it("lists page by page, there and back", () => {
    const { call } = setUp(2);
    for (const title of ["a", "b", "c"]) call("POST /webhooks/", { ...input, title });
    const first = call("GET /webhooks/");
    expect(read(first, "results")).toMatchObject([{ title: "a" }, { title: "b" }]);
    expect(read(first, "previous")).toBeNull();
    const second = call(`GET ${textOf(first, "next")}`);
    expect(read(second, "results")).toMatchObject([{ title: "c" }]);
    expect(read(second, "next")).toBeNull();
    expect(call(`GET ${textOf(second, "previous")}`).body).toEqual(first.body);
  });

  it.each(["GET /", "GET /webhooks", "GET /webhooks/nobody/", "GET /public_key", "GET /purchases/"])(
    "answers 404 to %s",
    (request) => {
      expect(setUp().call(request).status).toBe(404);
    },
  );

  it.each(["DELETE /webhooks/", "POST /public_key/"])("answers 405 to %s", (request) => {
    expect(setUp().call(request).status).toBe(405);
  });
});
