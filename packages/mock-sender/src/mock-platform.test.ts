import { createHmac } from "node:crypto";

import { createReceiver } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";
import { describe, expect, it } from "vitest";

import type { MockPlatform } from "./mock-platform.ts";
import { createMockSender } from "./mock-sender.ts";

interface PigeonEvents {
  readonly "letter.arrived": { readonly from: string; readonly to: string };
}

const secret = "0123456789abcdef0123456789abcdef";

const provider: Provider<PigeonEvents> = {
  name: "pigeon",
  body: "form",
  maxBodyBytes: 1024,
  retryHorizonMs: 60_000,
  scheme: hmac({
    secrets: secret,
    header: "x-pigeon-signature",
    encoding: "hex",
    content: "{timestamp}.{body}",
    timestamp: { header: "x-pigeon-time", toleranceMs: 1_000 },
  }),
  describe: ({ type, letter }, delivery) => ({ id: delivery.header("x-pigeon-id"), type, payload: letter }),
};

/** A platform unlike CHIP in every way: a form with an envelope, its id in a header, a time that is signed. */
const pigeon: MockPlatform<PigeonEvents, { readonly secret: string }> = {
  name: "pigeon",
  provider,
  credentials: { secret },
  types: ["letter.arrived"],
  attemptsDueMs: [0, 10_000],
  fixture: () => ({ from: "Ipoh", to: "Melaka" }),
  encode({ type, payload }) {
    // Made by the fixture above, from which overrides keep the shape.
    const letter = payload as PigeonEvents["letter.arrived"];
    const form = new URLSearchParams({ type, "letter[from]": letter.from, "letter[to]": letter.to });
    const bytes = Buffer.from(form.toString());
    return { contentType: "application/x-www-form-urlencoded", bytes, parsed: { type, letter } };
  },
  async sign(request, { event, key, nowMs }) {
    const time = String(Math.floor(nowMs / 1000));
    const signature = createHmac("sha256", key === "own" ? secret : "another secret")
      .update(`${time}.`)
      .update(request.body)
      .digest("hex");
    const headers = {
      ...request.headers,
      "x-pigeon-id": event.moment.uuid("delivery"),
      "x-pigeon-time": time,
      "x-pigeon-signature": signature,
    };
    return { ...request, headers };
  },
};

describe("a platform of one's own", () => {
  const sender = createMockSender(pigeon);
  const receive = () => createReceiver({ provider, clock: sender.clock, onOutcome: () => undefined });

  it("sends a form with an id in a header, as its provider reads it", async () => {
    const towns: string[] = [];
    const letters = receive().on("letter.arrived", ({ payload }) => towns.push(payload.from, payload.to));
    const result = await sender.send(letters, "letter.arrived", { payload: { to: "Muar" } });
    expect(result).toMatchObject({ outcome: "handled", eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(towns).toEqual(["Ipoh", "Muar"]);
  });

  it.each([
    ["tampered", "ERR_SIGNATURE_MISMATCH"],
    ["truncated", "ERR_SIGNATURE_MISMATCH"],
    ["wrongKey", "ERR_SIGNATURE_MISMATCH"],
    ["unsigned", "ERR_SIGNATURE_MISSING"],
    ["oversized", "ERR_BODY_TOO_LARGE"],
  ] as const)("has the fault %s", async (fault, code) => {
    expect((await sender.send(receive(), "letter.arrived", { fault })).code).toBe(code);
  });

  it("signs each attempt with its own time and keeps the id", async () => {
    const ids: string[] = [];
    const letters = receive().on("letter.arrived", ({ id }) => {
      ids.push(id);
      if (ids.length === 1) throw new Error("nobody is at home");
    });
    const { attempts, eventId } = await sender.sendUntilAccepted(letters, "letter.arrived");
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["failed", "handled"]);
    expect(ids).toEqual([eventId, eventId]);
  });
});
