import { verify } from "node:crypto";

import { createReceiver } from "@hooklatch/core";
import type { ReceiverOptions } from "@hooklatch/core";
import type { ChipEvents } from "@hooklatch/providers/chip";
import { describe, expect, it } from "vitest";

import { chipMock } from "./chip/index.ts";
import { createMockSender } from "./mock-sender.ts";

const sender = createMockSender(chipMock());

function receiver(options: Partial<ReceiverOptions<ChipEvents>> = {}) {
  const created = createReceiver({ provider: sender.provider, onOutcome: () => undefined, ...options });
  return created.on("*", () => undefined);
}

describe("a fault", () => {
  it.each([
    ["tampered", 401, "ERR_SIGNATURE_MISMATCH"],
    ["truncated", 401, "ERR_SIGNATURE_MISMATCH"],
    ["wrongKey", 401, "ERR_SIGNATURE_MISMATCH"],
    ["unsigned", 401, "ERR_SIGNATURE_MISSING"],
    ["oversized", 413, "ERR_BODY_TOO_LARGE"],
  ] as const)("%s is answered %d and %s", async (fault, status, code) => {
    expect(await sender.send(receiver(), "purchase.paid", { fault })).toMatchObject({
      status,
      outcome: "rejected",
      code,
    });
  });

  it("oversized is signed correctly and one byte over the limit", async () => {
    const { body, headers } = await sender.build("purchase.paid", { fault: "oversized" });
    expect(body.byteLength).toBe(sender.provider.maxBodyBytes + 1);
    const signature = Buffer.from(headers["x-signature"] ?? "", "base64");
    expect(verify("sha256", body, sender.credentials.publicKey, signature)).toBe(true);
  });

  it("leaves a body alone that is padded to exactly the limit", async () => {
    const result = await sender.send(receiver(), "purchase.paid", { bodyBytes: sender.provider.maxBodyBytes });
    expect(result.outcome).toBe("handled");
  });

  it("oversized can be aimed at a receiver with a limit of its own", async () => {
    const payments = receiver({ maxBodyBytes: 10_000 });
    expect((await sender.send(payments, "purchase.paid", { bodyBytes: 10_000 })).outcome).toBe("handled");
    expect((await sender.send(payments, "purchase.paid", { bodyBytes: 10_001 })).code).toBe("ERR_BODY_TOO_LARGE");
  });

  it("tells the id of the event it spoiled, so that nothing can be confused with it", async () => {
    const { eventId } = await sender.send(receiver(), "purchase.paid", { fault: "tampered" });
    expect(eventId).toMatch(/\/purchase\.paid\/\d+$/);
  });
});
