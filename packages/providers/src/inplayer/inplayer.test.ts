import { createHmac } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { WebhookEvent } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { inplayer } from "./inplayer.ts";
import type { InPlayerOptions } from "./inplayer.ts";

const secret = "an API secret of nobody";

const body =
  "created=1790000000&id=WHE-b3k9Zq0LxT71mcVd&resource%5Bamount%5D=14.90&resource%5Bdescription%5D=Night+at+the+opera" +
  "&resource%5Bemail%5D=ines%2Bopera%40example.com&type=payment.card.success";

function sign(text: string, key = secret): string {
  return `sha256=${createHmac("sha256", key).update(text).digest("hex")}`;
}

function delivery(text: string, signature = sign(text), contentType = "application/x-www-form-urlencoded") {
  const headers = { "content-type": contentType, "x-inplayer-signature": signature };
  return toIncomingDelivery({ headers, body: Buffer.from(text) });
}

function receiverOf(options: Partial<InPlayerOptions> = {}) {
  const receiver = createReceiver({ provider: inplayer({ secrets: secret, ...options }), onOutcome: () => undefined });
  const events: WebhookEvent[] = [];
  receiver.on("*", (event) => void events.push(event));
  const outcomeOf = async (...given: Parameters<typeof delivery>): Promise<string> => {
    const { outcome, error } = await receiver.receive(delivery(...given));
    return error === undefined ? outcome : `${outcome} ${error.code}`;
  };
  return { receiver, events, outcomeOf };
}

test("handles a form that is signed over its text as it was sent", async () => {
  const { events, outcomeOf } = receiverOf();
  expect(await outcomeOf(body)).toBe("handled");
  expect(events).toMatchObject([
    {
      id: "WHE-b3k9Zq0LxT71mcVd",
      type: "payment.card.success",
      occurredAt: "2026-09-21T14:13:20.000Z",
      payload: { resource: { amount: 14.9, description: "Night at the opera", email: "ines+opera@example.com" } },
    },
  ]);
});

test("accepts what openssl signs", async () => {
  // printf '%s' "$body" | openssl dgst -sha256 -hmac "$secret"
  const signature = "sha256=4b356a3685e4c198dffdf894afe6b68b14e9457f1ad2cd221ac71dba94378f0a";
  expect(await receiverOf().outcomeOf(body, signature)).toBe("handled");
});

test.each([
  ["another secret", body, sign(body, "another")],
  ["spaces written as %20", body.replaceAll("+", "%20"), sign(body)],
  ["percent escapes in lower case", body.replaceAll("%5B", "%5b"), sign(body)],
  [
    "brackets that are not escaped",
    decodeURI(body).replaceAll(/%5B|%5D/g, (e) => (e === "%5B" ? "[" : "]")),
    sign(body),
  ],
  ["its fields in another order", body.split("&").toReversed().join("&"), sign(body)],
  ["one more field", `${body}&a=1`, sign(body)],
  ["one more ampersand", `${body}&`, sign(body)],
  ["a signature over the decoded text", body, sign(decodeURIComponent(body.replaceAll("+", " ")))],
])("refuses a form with %s", async (_, text, signature) => {
  const { events, outcomeOf } = receiverOf();
  expect(await outcomeOf(text, signature)).toBe("rejected ERR_SIGNATURE_MISMATCH");
  expect(events).toEqual([]);
});

test.each([
  ["in upper case", sign(body).toUpperCase().replace("SHA256", "sha256")],
  ["with its prefix in upper case", sign(body).replace("sha256", "SHA256")],
  ["without its prefix", sign(body).slice("sha256=".length)],
  ["of SHA-1", `sha1=${createHmac("sha1", secret).update(body).digest("hex")}`],
  ["in base64", `sha256=${createHmac("sha256", secret).update(body).digest("base64")}`],
  ["with a space", ` ${sign(body)}`],
  ["that is only its prefix", "sha256="],
  ["with odd digits", sign(body).slice(0, -1)],
  ["twice", `${sign(body)},${sign(body)}`],
])("refuses a signature %s", async (_, signature) => {
  expect(await receiverOf().outcomeOf(body, signature)).toBe("rejected ERR_SIGNATURE_MALFORMED");
});

test.each([
  ["spaces as %20", body.replaceAll("+", "%20")],
  ["brackets that are not escaped", body.replaceAll("%5B", "[").replaceAll("%5D", "]")],
  ["percent escapes in lower case", body.replaceAll("%5B", "%5b")],
  ["its fields in another order", body.split("&").toReversed().join("&")],
])("accepts a form with %s, where it is signed so, and reads the same", async (_, text) => {
  const { events, outcomeOf } = receiverOf();
  await outcomeOf(body.replace("WHE-b", "WHE-c"));
  expect(await outcomeOf(text)).toBe("handled");
  const [first, second] = events.map(({ payload }) => payload);
  expect(second).toMatchObject({ resource: { amount: 14.9, description: "Night at the opera" } });
  expect(second).toHaveProperty("resource", Reflect.get(Object(first), "resource"));
});

test("takes the same id for the same event, however its form is written", async () => {
  const { outcomeOf } = receiverOf();
  expect(await outcomeOf(body)).toBe("handled");
  expect(await outcomeOf(body)).toBe("duplicate");
  expect(await outcomeOf(body.split("&").toReversed().join("&"))).toBe("duplicate");
  expect(await outcomeOf(body.replace("WHE-b", "WHE-c"))).toBe("handled");
});

test.each([
  ["the old secret first", ["another", secret]],
  ["the new secret first", [secret, "another"]],
  ["one secret fetched", ["another", async () => secret]],
])("accepts either of several secrets, %s", async (_, secrets) => {
  const { outcomeOf } = receiverOf({ secrets });
  expect(await outcomeOf(body)).toBe("handled");
  expect(await outcomeOf(body, sign(body, "another"))).toBe("duplicate");
  expect(await outcomeOf(body, sign(body, "a third"))).toBe("rejected ERR_SIGNATURE_MISMATCH");
});

test.each([
  ["id=&type=a", "ERR_EVENT_ID_INVALID"],
  ["type=a", "ERR_EVENT_ID_INVALID"],
  ["id[a]=1&type=a", "ERR_EVENT_ID_INVALID"],
  ["id[]=1&type=a", "ERR_EVENT_ID_INVALID"],
  ["id=1", "ERR_EVENT_TYPE_INVALID"],
  ["id=1&type=", "ERR_EVENT_TYPE_INVALID"],
  ["id=1&type[]=a", "ERR_EVENT_TYPE_INVALID"],
  ["", "ERR_EVENT_TYPE_INVALID"],
  ["null", "ERR_EVENT_TYPE_INVALID"],
  ['{"id":"1","type":"customer.updated"}', "ERR_EVENT_TYPE_INVALID"],
  ["id=1&type=%zz", "ERR_BODY_MALFORMED"],
  [`id=1&type=a&${"a[]=1&".repeat(1_000)}`, "ERR_BODY_MALFORMED"],
  [`id=1&type=a&resource${"[a]".repeat(1_000)}=1`, "ERR_BODY_MALFORMED"],
])("refuses the signed form %#", async (text, code) => {
  expect(await receiverOf().outcomeOf(text)).toBe(`rejected ${code}`);
});

test("survives a signed form that means harm, and keeps every prototype", async () => {
  const { events, outcomeOf } = receiverOf();
  const harm = ["__proto__[x]", "resource[__proto__][x]", "resource[constructor][prototype][x]", "constructor[x]"];
  const text = `id=1&type=customer.updated&resource[id]=7&${harm.map((name) => `${name}=1`).join("&")}`;
  expect(await outcomeOf(text)).toBe("handled");
  expect(events[0]?.payload).toMatchObject({ resource: { id: 7 } });
  expect(Reflect.get({}, "x")).toBeUndefined();
});

test("lets the last of two fields with one name count", async () => {
  const { events, outcomeOf } = receiverOf();
  expect(await outcomeOf("id=1&id=2&type=a&type=customer.updated&resource=x&resource[id]=7")).toBe("handled");
  expect(events).toMatchObject([{ id: "2", type: "customer.updated", payload: { resource: { id: 7 } } }]);
});

test("refuses another content type than that of a form", async () => {
  const { outcomeOf } = receiverOf();
  expect(await outcomeOf(body, sign(body), "application/json")).toBe("rejected ERR_CONTENT_TYPE_UNSUPPORTED");
  expect(await outcomeOf(body, sign(body), "application/x-www-form-urlencoded; charset=UTF-8")).toBe("handled");
});

test("hands events of unknown types to handlers for everything, as texts", async () => {
  const { events, outcomeOf } = receiverOf();
  expect(await outcomeOf("id=1&type=payment.wallet.success&resource[amount]=14.90")).toBe("handled");
  expect(events).toMatchObject([{ payload: { resource: { amount: "14.90" } } }]);
});

test.each([
  [{}, "secrets is undefined; did you set INPLAYER_API_SECRET?"],
  [{ secrets: "" }, "secrets is blank; did you set INPLAYER_API_SECRET?"],
  [{ secrets: [] }, "secrets is an empty list; did you set INPLAYER_API_SECRET?"],
  [{ secrets: [secret, undefined] }, "secrets[1] is undefined; did you set INPLAYER_API_SECRET?"],
])("refuses at start-up: %j", (options, message) => {
  // @ts-expect-error the types forbid most of these; JavaScript and unset environment variables do not
  const make = () => inplayer(options);
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(expect.objectContaining({ code: "ERR_SECRET_MISSING", message }));
});

test("says what core needs to know of InPlayer", () => {
  expect(inplayer({ secrets: secret, maxBodyBytes: 2048 })).toMatchObject({
    name: "inplayer",
    body: "form",
    maxBodyBytes: 2048,
    retryHorizonMs: 30 * 86_400_000,
    scheme: { headers: ["x-inplayer-signature"] },
  });
  expect(inplayer({ secrets: secret }).maxBodyBytes).toBe(1_048_576);
});

test("holds converted payloads against the schemas it is given", async () => {
  const seen: unknown[] = [];
  const validate = (value: unknown) => {
    seen.push(value);
    return { issues: [{ message: "never right" }] };
  };
  const schema = { "~standard": { version: 1, vendor: "test", validate } } as const;
  const { events, outcomeOf } = receiverOf({ schemas: { "payment.card.success": schema } });
  expect(await outcomeOf(body)).toBe("invalid ERR_PAYLOAD_INVALID");
  expect(seen).toMatchObject([{ resource: { amount: 14.9 } }]);
  expect(events).toEqual([]);
});
