import { createHmac, createPublicKey, generateKeyPairSync, verify } from "node:crypto";

import { createReceiver } from "@hooklatch/core";
import { standardWebhooksProvider } from "@hooklatch/providers/standard-webhooks";
import { describe, expect, it } from "vitest";

import type { Fault } from "../faults.ts";
import { createMockSender } from "../mock-sender.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { standardWebhooksMock } from "./standard-webhooks-mock.ts";
import type { StandardWebhooksMockOptions } from "./standard-webhooks-mock.ts";

const startMs = Date.UTC(2026, 2, 3, 4, 5, 6, 789);

function setUp(options: StandardWebhooksMockOptions = {}) {
  const sender = createMockSender(standardWebhooksMock(options), { clock: createVirtualClock(startMs) });
  const receiver = createReceiver({ provider: sender.provider, clock: sender.clock, onOutcome: () => {} });
  receiver.on("*", () => {});
  return { sender, receiver };
}

describe("standardWebhooksMock", () => {
  it.each([
    {},
    { version: "v1a" },
    { version: "both" },
    { headers: "svix" },
    { headers: "svix", version: "both" },
    { name: "acme" },
  ] as const)("is accepted, for each of its events, when set up with %j", async (options) => {
    const { sender, receiver } = setUp(options);
    for (const type of sender.types) {
      const { outcome, eventId } = await sender.send(receiver, type);
      expect(outcome).toBe("handled");
      expect(eventId).toMatch(/^msg_[0-9a-f-]{36}$/);
    }
    expect(sender.types).toHaveLength(3);
  });

  it("signs id, time and body with v1 as the standard says", async () => {
    const { sender } = setUp();
    const { headers, body } = await sender.build("contact.created");
    const key = Buffer.from(sender.credentials.secret.replace("whsec_", ""), "base64");
    const content = Buffer.concat([Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`), body]);
    const digest = createHmac("sha256", key).update(content).digest("base64");
    expect(key).toHaveLength(32);
    expect(headers["webhook-timestamp"]).toBe(String(Math.floor(startMs / 1000)));
    expect(headers["webhook-signature"]).toBe(`v1,${digest}`);
  });

  it("signs with v1a as the standard says, and with both where it is told to", async () => {
    const { sender } = setUp({ version: "both", headers: "svix" });
    const { headers, body } = await sender.build("contact.created");
    const [v1, v1a] = (headers["svix-signature"] ?? "").split(" ");
    const x = Buffer.from(sender.credentials.publicKey.replace("whpk_", ""), "base64").toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    const content = Buffer.concat([Buffer.from(`${headers["svix-id"]}.${headers["svix-timestamp"]}.`), body]);
    expect(v1).toMatch(/^v1,/);
    expect(v1a).toMatch(/^v1a,/);
    expect(verify(null, content, key, Buffer.from((v1a ?? "").slice(4), "base64"))).toBe(true);
  });

  it("writes the body that the standard recommends", async () => {
    const { sender } = setUp();
    const { body, headers } = await sender.build("contact.deleted", { payload: { id: "con_7" } });
    expect(headers["content-type"]).toBe("application/json");
    expect(JSON.parse(Buffer.from(body).toString("utf8"))).toEqual({
      type: "contact.deleted",
      timestamp: "2026-03-03T04:05:06.789Z",
      data: { id: "con_7", deleted: true },
    });
  });

  it("keeps the id of a message that it sends again, and signs another time", async () => {
    const { sender, receiver } = setUp();
    const requests: (string | undefined)[][] = [];
    const target = async (request: Request) => {
      requests.push(["webhook-id", "webhook-timestamp"].map((name) => request.headers.get(name) ?? undefined));
      return new Response(null, { status: requests.length < 3 ? 500 : 200 });
    };
    await sender.sendUntilAccepted(target, "contact.created");
    const [[firstId, firstTime], , [lastId, lastTime]] = [requests[0] ?? [], requests[1], requests[2] ?? []];
    expect(lastId).toBe(firstId);
    expect(Number(lastTime) - Number(firstTime)).toBe(305);
    const [first, second] = await sender.duplicate(receiver, "contact.created");
    expect([first.outcome, second.outcome]).toEqual(["handled", "duplicate"]);
    expect(second.eventId).not.toBe(firstId);
  });

  it("tries ten times in 75 hours and 35 minutes, within the provider's retry horizon", () => {
    const { attemptsDueMs, provider } = standardWebhooksMock();
    expect(attemptsDueMs).toHaveLength(10);
    expect(attemptsDueMs.slice(0, 3)).toEqual([0, 5_000, 305_000]);
    expect(attemptsDueMs.at(-1)).toBe(((75 * 60 + 35) * 60 + 5) * 1000);
    expect(attemptsDueMs.at(-1)).toBeLessThan(provider.retryHorizonMs);
  });

  it.each([
    ["tampered", "ERR_SIGNATURE_MISMATCH"],
    ["truncated", "ERR_SIGNATURE_MISMATCH"],
    ["wrongKey", "ERR_SIGNATURE_MISMATCH"],
    ["unsigned", "ERR_SIGNATURE_MISSING"],
    ["oversized", "ERR_BODY_TOO_LARGE"],
  ] as const satisfies readonly (readonly [Fault, string])[])("is refused when it is %s", async (fault, code) => {
    for (const version of ["v1", "v1a", "both"] as const) {
      const { sender, receiver } = setUp({ version });
      expect(await sender.send(receiver, "contact.created", { fault })).toMatchObject({ outcome: "rejected", code });
    }
  });

  it("sends the events of the fixtures it is given", async () => {
    const fixtures = {
      "parcel.sent": ({ sequence }: { readonly sequence: number }) => ({ tracking: `P${sequence}` }),
      "parcel.lost": () => ({ since: "2026-03-01" }),
    };
    const sender = createMockSender(standardWebhooksMock({ name: "parcel", fixtures }));
    const receiver = createReceiver({ provider: sender.provider, clock: sender.clock, onOutcome: () => {} });
    const seen: string[] = [];
    receiver.on("parcel.sent", ({ payload }) => void seen.push(payload.tracking));
    expect(sender.types).toEqual(["parcel.sent", "parcel.lost"]);
    await sender.send(receiver, "parcel.sent");
    await sender.send(receiver, "parcel.sent", { payload: { tracking: "mine" } });
    expect(seen).toEqual(["P1", "mine"]);
  });

  it("signs for an app that is configured with credentials of its own", async () => {
    const der = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "der" });
    const options = {
      name: "acme",
      version: "both",
      secret: `whsec_${Buffer.from("the app has had it for long").toString("base64")}`,
      privateKey: `whsk_${der.subarray(-32).toString("base64")}`,
    } as const;
    const { sender } = setUp(options);
    expect(sender.credentials.secret).toBe(options.secret);
    expect(setUp(options).sender.credentials).toEqual(sender.credentials);
    for (const keys of [{ secrets: options.secret }, { publicKeys: sender.credentials.publicKey }]) {
      const provider = standardWebhooksProvider({ name: "acme", ...keys });
      const receiver = createReceiver({ provider, clock: sender.clock, onOutcome: () => {} });
      receiver.on("*", () => {});
      expect((await sender.send(receiver, "contact.created")).outcome).toBe("handled");
    }
  });

  it("has other keys than the next mock", () => {
    const { secret, publicKey } = standardWebhooksMock().credentials;
    expect(standardWebhooksMock().credentials.secret).not.toBe(secret);
    expect(standardWebhooksMock().credentials.publicKey).not.toBe(publicKey);
  });

  it.each([
    ["secret", { secret: "" }],
    ["secret", { secret: "whsec_" }],
    ["secret", { secret: "whsec_no base64" }],
    ["privateKey", { privateKey: "whsk_" }],
    ["privateKey", { privateKey: `whsk_${Buffer.alloc(31, 5).toString("base64")}` }],
    ["privateKey", { privateKey: "-----BEGIN PRIVATE KEY-----" }],
  ])("refuses a wrong %s and quotes nothing of it (%#)", (option, options) => {
    expect(() => standardWebhooksMock(options)).toThrow(
      expect.objectContaining({
        code: "ERR_KEY_INVALID",
        message: expect.stringMatching(`^The option ${option} is not`),
      }),
    );
  });
});
