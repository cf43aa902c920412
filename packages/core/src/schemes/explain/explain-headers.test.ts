import { describe, expect, test } from "vitest";

import type { Delivery } from "../../delivery.ts";
import { toDelivery, toIncomingDelivery } from "../../incoming-delivery.ts";
import { nowMs, refusedDelivery, secretPlatform } from "../../test-support/refused-messages.ts";
import { hmac } from "../hmac.ts";
import { standardWebhooks } from "../standard-webhooks.ts";

const secret = "the platform's own secret";
const { sign } = secretPlatform(secret);
const sent = "0123456789abcdef".repeat(4);

function deliveryOf(headers: Readonly<Record<string, string | readonly string[]>>, body = "{}"): Delivery {
  const bytes = Buffer.from(body);
  return toDelivery(toIncomingDelivery({ headers, body: bytes }), bytes, nowMs);
}

describe("a missing header", () => {
  const explain = (header: string, headers: Readonly<Record<string, string | readonly string[]>>) =>
    hmac({ secrets: secret, header, encoding: "hex" }).explain?.(deliveryOf(headers), nowMs);

  test.each([
    ["x-shop-signature", "HTTP_X_SHOP_SIGNATURE"],
    ["x-shop-signature", "x_shop_signature"],
    ["x-shop-signature", "shop-signature"],
    ["x-shop-signature", "X-Original-X-Shop-Signature"],
    ["x-shop-signature", "x-amzn-Remapped-x-shop-signature"],
    ["x-shop-signature", "x-gateway-shop-signature"],
    ["webhook-signature", "svix-signature"],
    ["webhook-id", "svix-id"],
    ["svix-signature", "webhook-signature"],
    ["x-hub-signature-256", "X-Hub-Signature"],
    ["x-shop-signature", "x-store-signature"],
    ["x-shop-hmac", "x-shop-hmac-sha256"],
  ])("%s is found as %s", async (header, name) => {
    const diagnosis = await explain(header, { host: "shop.example", [name]: sent });
    expect(diagnosis?.cause).toBe("header-renamed");
    expect(diagnosis?.message).toContain(`${header} is missing, but ${name.toLowerCase()} is there`);
    expect(diagnosis?.message).not.toContain(sent);
  });

  test("is found under the name that is most like it", async () => {
    const headers = { "x-other-signature": sent, "svix-signature": sent, HTTP_WEBHOOK_SIGNATURE: sent };
    expect((await explain("webhook-signature", headers))?.message).toContain("but http_webhook_signature is there");
  });

  test.each([
    ["nothing like it", { host: "shop.example", "x-request-id": sent }, "none of the 2 headers"],
    ["one like it that is empty", { "x-store-signature": "" }, "none of the 1 headers"],
    ["one like it that came twice", { "x-store-signature": [sent, sent] }, "none of the 1 headers"],
    ["one whose name is no name", { "x-signature\n[hooklatch] forged": sent }, "none of the 1 headers"],
    ["itself, but empty", { "x-shop-signature": "" }, "there, but empty"],
    ["no names at all", {}, "does not tell which"],
  ])("is not found among %s", async (_what, headers, says) => {
    const diagnosis = await explain("x-shop-signature", headers);
    expect(diagnosis).toMatchObject({ cause: "unknown", message: expect.stringContaining(says) });
    expect(diagnosis?.message).not.toContain("forged");
  });

  test("is told before anything is said of those that are there", async () => {
    const timed = hmac({
      secrets: secret,
      header: "x-sig",
      encoding: "hex",
      content: "{timestamp}.{body}",
      timestamp: { header: "x-time" },
    });
    const diagnosis = await timed.explain?.(deliveryOf({ "x-sig": "no hex", HTTP_X_TIME: "1" }, ""), nowMs);
    expect(diagnosis).toMatchObject({ cause: "header-renamed", message: expect.stringContaining("x-time") });
  });
});

describe("a signed time", () => {
  const explain = (time: string, unit: "seconds" | "milliseconds" = "seconds", body = "{}") =>
    hmac({
      secrets: secret,
      header: "x-sig",
      encoding: "hex",
      content: "{timestamp}.{body}",
      timestamp: { header: "x-time", unit },
    }).explain?.(refusedDelivery(body, sign(`${time}.{}`).toString("hex"), { "x-time": time }), nowMs);
  const nowSeconds = nowMs / 1000;

  test.each([
    [nowSeconds - 1234, "1234 s behind"],
    [nowSeconds + 400, "400 s ahead of"],
    [nowSeconds - 7200, "time zone"],
    [1, "1789999999 s behind"],
  ])("%d is so far from the clock", async (time, says) => {
    const diagnosis = await explain(String(time));
    expect(diagnosis).toMatchObject({ cause: "clock-skew", message: expect.stringContaining(says) });
  });

  test("that is no whole number of hours off gives no word about time zones", async () => {
    expect((await explain(String(nowSeconds - 1234)))?.message).not.toContain("zone");
    const timestamp = { header: "x-time", toleranceMs: 1_000 };
    const strict = secretPlatform(secret).scheme({ content: "{timestamp}.{body}", timestamp });
    const time = String(nowSeconds - 30);
    const delivery = refusedDelivery("{}", sign(`${time}.{}`).toString("hex"), { "x-time": time });
    const diagnosis = await strict.explain?.(delivery, nowMs);
    expect(diagnosis?.message).toContain("30 s behind");
    expect(diagnosis?.message).not.toContain("zone");
  });

  test.each([
    [String(nowMs), "seconds", 'timestamp.unit to "milliseconds"'],
    [String(nowSeconds), "milliseconds", 'timestamp.unit to "seconds"'],
    ["2026-09-21T13:33:20Z", "seconds", "a date in text"],
    [`${nowSeconds}.25`, "seconds", "a fraction"],
  ] as const)("%s for %s is another format", async (time, unit, says) => {
    const diagnosis = await explain(time, unit);
    expect(diagnosis).toMatchObject({ cause: "timestamp-format", message: expect.stringContaining(says) });
  });

  test("that is nothing known is said to be so", async () => {
    expect(await explain("soon")).toMatchObject({ cause: "unknown", message: expect.stringContaining("signed time") });
  });

  test("that is old hides no other cause", async () => {
    const diagnosis = await explain(String(nowSeconds - 1234), "seconds", "{}\n");
    expect(diagnosis).toMatchObject({ cause: "body-line-endings" });
  });

  test("in a field is explained as well", async () => {
    const scheme = hmac({
      secrets: secret,
      header: "x-sig",
      encoding: "hex",
      fields: { separator: ",", assign: "=", signature: "v1" },
      content: "{timestamp}.{body}",
      timestamp: { field: "t" },
    });
    const headerOf = (time: string): string => `t=${time},v1=${sign(`${time}.{}`).toString("hex")}`;
    const causeOf = async (value: string, body = "{}") =>
      (await scheme.explain?.(refusedDelivery(body, value), nowMs))?.cause;
    expect(await causeOf(headerOf(String(nowSeconds - 1234)))).toBe("clock-skew");
    expect(await causeOf(headerOf("2026-09-21T13:33:20Z"))).toBe("timestamp-format");
    expect(await causeOf(headerOf(String(nowSeconds)), "{}\r\n")).toBe("body-line-endings");
    expect(await causeOf(headerOf(String(nowSeconds)).replace("v1=", "v2="))).toBe("unknown");
    const base64 = sign(`${nowSeconds}.{}`).toString("base64");
    expect(await causeOf(`t=${nowSeconds},v1=${base64}`)).toBe("signature-encoding");
  });
});

describe("Standard Webhooks", () => {
  const key = Buffer.from("a key of twenty-four byt");
  const text = `whsec_${key.toString("base64")}`;
  const explain = (signingKey: string | Buffer, changes: Readonly<Record<string, string>> = {}, body = "{}") => {
    const time = String(nowMs / 1000);
    const signature = secretPlatform(signingKey).sign(`msg_1.${time}.{}`).toString("base64");
    const headers = { id: "msg_1", timestamp: time, signature: `v1,${signature}`, ...changes };
    const named = Object.entries(headers).map(([name, value]) => [`${changes["prefix"] ?? "webhook"}-${name}`, value]);
    return (headers_: "webhook" | "either") =>
      standardWebhooks({ secrets: text, headers: headers_ }).explain?.(
        deliveryOf(Object.fromEntries(named) as Record<string, string>, body), // pairs of two strings
        nowMs,
      );
  };

  test.each(["webhook", "either"] as const)("finds the causes with headers %s", async (kind) => {
    expect(await explain(key)(kind)).toBeUndefined();
    expect(await explain(key, {}, "{}\n")(kind)).toMatchObject({ cause: "body-line-endings" });
    expect(await explain(text)(kind)).toMatchObject({ cause: "secret-encoding" });
    expect(await explain(key, { timestamp: "1" })(kind)).toMatchObject({ cause: "unknown" });
  });

  test("says nothing of headers of the other name where one set is there", async () => {
    const diagnosis = await explain("some other secret")("either");
    expect(diagnosis).toMatchObject({ cause: "unknown", message: expect.stringContaining("Tried without success") });
  });

  test("finds headers of the other name", async () => {
    expect(await explain(key, { prefix: "svix" })("webhook")).toMatchObject({ cause: "header-renamed" });
    expect(await explain(key, { prefix: "svix" })("either")).toBeUndefined();
  });
});
