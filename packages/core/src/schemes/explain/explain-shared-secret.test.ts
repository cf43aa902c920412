import { expect, test } from "vitest";

import type { Delivery } from "../../delivery.ts";
import { toDelivery, toIncomingDelivery } from "../../incoming-delivery.ts";
import type { SharedSecretPlace } from "../secret-place.ts";
import { sharedSecret } from "../shared-secret.ts";

const secret = "Aq7/x9+LmNop23RsTu=%2F";
const bytes = Buffer.from("{}");
const inHeader = { in: "header", name: "X-Token" } as const;
const bearer = { in: "header", name: "Authorization", prefix: "Bearer " } as const;
const inQuery = { in: "query", name: "token" } as const;
const inPath = { in: "path" } as const;
const basic = { in: "basic" } as const;

interface Request {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function deliveryOf({ url = "/hook", headers = {} }: Request): Delivery {
  return toDelivery(toIncomingDelivery({ url, headers, body: bytes }), bytes, 0);
}

async function explain(place: SharedSecretPlace, request: Request, secrets = secret) {
  const diagnosis = await sharedSecret({ ...place, secrets }).explain?.(deliveryOf(request), 0);
  const message = diagnosis?.message ?? "";
  for (let start = 0; start + 6 <= secret.length; start++) {
    expect(message).not.toContain(secret.slice(start, start + 6));
  }
  expect(message).not.toContain("gu355");
  return diagnosis;
}

const header = (value: string): Request => ({ headers: { "x-token": value } });
const encoded = encodeURIComponent(secret);
const toBase64 = (text: string): string => Buffer.from(text).toString("base64");

test.each([
  ["white space in a query", inQuery, { url: `/hook?token=${encoded}%0A` }, "secret-white-space"],
  ["quotes", inHeader, header(`"${secret}"`), "secret-quoted"],
  ["a literal line break", inHeader, header(String.raw`${secret}\n`), "secret-escaped-newlines"],
  ["percent-encoding", inHeader, header(encoded), "secret-encoding"],
  ["percent-encoding twice", inQuery, { url: `/hook?token=${encodeURIComponent(encoded)}` }, "secret-encoding"],
  ["base64", inHeader, header(toBase64(secret)), "secret-encoding"],
  ["small letters", inHeader, header(secret.toLowerCase()), "secret-case"],
  ["a missing prefix", bearer, { headers: { authorization: secret } }, "signature-prefix"],
  ["another prefix", bearer, { headers: { authorization: `Token ${secret}` } }, "signature-prefix"],
  ["a prefix in small letters", bearer, { headers: { authorization: `bearer ${secret}` } }, "signature-prefix"],
  ["a prefix nobody wants", inHeader, header(`Bearer ${secret}`), "signature-prefix"],
  ["another header", inHeader, { headers: { "x-other": secret } }, "other-place"],
  ["another header beside a wrong one", inHeader, { headers: { "x-token": "gu355", b: secret } }, "other-place"],
  ["the query", inHeader, { url: `/hook?a=1&t=${encoded}` }, "other-place"],
  ["the path", inQuery, { url: `/hook/${encoded}` }, "other-place"],
  ["a parameter that came twice", inQuery, { url: `/hook?token=${encoded}&token=${encoded}` }, "other-place"],
  ["another segment", inPath, { url: `/${encoded}/` }, "other-place"],
  ["Basic", inHeader, { headers: { authorization: `Basic ${toBase64(secret)}` } }, "other-place"],
  ["a header like it, with another secret", inHeader, { headers: { HTTP_X_TOKEN: "gu355" } }, "header-renamed"],
  ["another secret", inHeader, header("gu355-and-some-more"), "unknown"],
  ["nothing in the query", inQuery, {}, "unknown"],
] as const)("a secret with or in %s is found", async (_what, place, request: Request, cause) => {
  expect(await explain(place, request)).toMatchObject({ cause });
});

test.each([
  ["white space", `${secret}\n`, "secret-white-space"],
  ["quotes", `'${secret}'`, "secret-quoted"],
  ["a literal line break", String.raw`${secret}\n`, "secret-escaped-newlines"],
  ["base64", toBase64(secret), "secret-encoding"],
  ["hex", Buffer.from(secret).toString("hex"), "secret-encoding"],
])("a secret that is configured with or in %s is found", async (_what, configured, cause) => {
  expect(await explain(inHeader, header(secret), configured)).toMatchObject({ cause });
});

test("user and password that are not in base64 are found", async () => {
  const account = `platform:${secret}`;
  const diagnosis = await explain(basic, { headers: { authorization: `Basic ${account}` } }, account);
  expect(diagnosis).toMatchObject({ cause: "other-place", message: expect.stringContaining("not as Basic") });
});

test("the right secret needs no explanation", async () => {
  expect(await explain(inHeader, header(secret))).toBeUndefined();
});

test("the place is named, by a name that is one", async () => {
  expect((await explain(inHeader, { url: `/?token=${encoded}` }))?.message).toContain("the query parameter token");
  expect((await explain(inHeader, { url: `/?gu355%0A=${encoded}` }))?.message).toContain("came in the query, as it is");
  expect((await explain(inHeader, { headers: { "X-Other": secret } }))?.message).toContain("the header x-other");
});

test("no resolver is asked", async () => {
  let asked = 0;
  const scheme = sharedSecret({ ...inHeader, secrets: async () => (asked++, secret) });
  expect(await scheme.explain?.(deliveryOf(header(secret)), 0)).toMatchObject({ cause: "unknown" });
  expect(asked).toBe(0);
  await scheme.verify(deliveryOf(header(secret)), 0);
  expect(await scheme.explain?.(deliveryOf(header(`"${secret}"`)), 0)).toMatchObject({ cause: "secret-quoted" });
  expect(asked).toBe(1);
});
