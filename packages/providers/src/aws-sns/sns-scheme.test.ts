import { generateKeyPairSync, sign } from "node:crypto";

import type { Delivery } from "@hooklatch/core";
import { BackendError, WebhookError } from "@hooklatch/core/errors";
import { describe, expect, test } from "vitest";

import { readMessage } from "./read-message.ts";
import { readTopics } from "./read-topics.ts";
import { snsScheme } from "./sns-scheme.ts";
import type { SignatureVersion } from "./sns-scheme.ts";

const nowMs = Date.UTC(2027, 2, 1, 10, 20, 31);
const hourMs = 3_600_000;
const [key, otherKey] = [0, 1].map(() => generateKeyPairSync("rsa", { modulusLength: 2048 }));
const host = "sns.eu-west-1.amazonaws.com";
const file = "SimpleNotificationService-0123456789abcdefABCDEF0123456789.pem";
const SigningCertURL = `https://${host}/${file}`;

const notification = {
  Type: "Notification",
  MessageId: "5f0c2d1e-9b7a-4c38-8d21-0a4b6c8e1f35",
  TopicArn: "arn:aws:sns:eu-west-1:123456789012:orders",
  Subject: "Paid",
  Message: "order-7 ☕",
  Timestamp: "2027-03-01T10:20:30.456Z",
};
const confirmation = {
  ...notification,
  Type: "SubscriptionConfirmation",
  Subject: undefined,
  Token: "ab12",
  SubscribeURL: `https://${host}/?Action=ConfirmSubscription&TopicArn=${notification.TopicArn}&Token=ab12`,
};

type Body = Readonly<Record<string, unknown>>;

function signed(body: Body, version: SignatureVersion = "2", signer = key): Body {
  if (signer === undefined) throw new Error("There is no key.");
  const text = Buffer.from(readMessage(body).text);
  const Signature = sign(version === "1" ? "sha1" : "sha256", text, signer.privateKey).toString("base64");
  return { ...body, SignatureVersion: version, Signature, SigningCertURL };
}

interface Changes {
  readonly signatureVersions?: readonly SignatureVersion[];
  readonly atMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isAway?: boolean;
}

/** What the scheme makes of a body, and how many certificates it asked for. */
async function verify(body: Body | Uint8Array, changes: Changes = {}): Promise<string> {
  const { signatureVersions = ["2"], atMs = nowMs, headers = {}, isAway = false } = changes;
  const asked: string[] = [];
  const scheme = snsScheme({
    topics: readTopics([notification.TopicArn]),
    signatureVersions,
    toleranceMs: 24 * hourMs,
    async keyFor(url) {
      asked.push(url);
      if (isAway || key === undefined) throw new BackendError("ERR_KEY_SOURCE_UNAVAILABLE", "away");
      return key.publicKey;
    },
    knownKey: () => undefined,
  });
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const header = (name: string) => headers[name];
  const delivery: Delivery = { method: "POST", url: "/", receivedAtMs: atMs, body: bytes, header };
  try {
    const proven = await scheme.verify(delivery, atMs);
    return `${proven === bytes ? "proven" : "odd"} ${asked.join()}`;
  } catch (error) {
    return `${error instanceof WebhookError ? error.code : String(error)} ${asked.join()}`;
  }
}

/** Refused for itself, with nothing fetched. */
const early = (code: string): string => `${code} `;

test("asks every request for the header that SNS always sends", () => {
  const scheme = snsScheme({
    topics: new Map(),
    signatureVersions: [],
    toleranceMs: 5,
    keyFor: async () => Promise.reject(),
    knownKey: () => undefined,
  });
  expect(scheme).toMatchObject({ headers: ["x-amz-sns-message-type"], toleranceMs: 5 });
});

test.each([
  notification,
  { ...notification, Subject: undefined },
  confirmation,
  { ...confirmation, Type: "UnsubscribeConfirmation" },
])("proves a $Type in the version that is asked for, by the certificate it names", async (body) => {
  for (const [version, other] of [
    ["1", "2"],
    ["2", "1"],
  ] as const) {
    expect(await verify(signed(body, version), { signatureVersions: [version] })).toBe(`proven ${SigningCertURL}`);
    expect(await verify(signed(body, version), { signatureVersions: [other] })).toBe(early("ERR_SIGNATURE_MALFORMED"));
    expect(await verify(signed(body, version), { signatureVersions: ["1", "2"] })).toContain("proven");
    // The version is not signed: with another one on it, the signature is of another hash.
    const relabelled = { ...signed(body, version), SignatureVersion: other };
    expect(await verify(relabelled, { signatureVersions: ["1", "2"] })).toContain("ERR_SIGNATURE_MISMATCH");
  }
});

test("refuses the signature of another key", async () => {
  expect(await verify(signed(notification, "2", otherKey))).toBe(`ERR_SIGNATURE_MISMATCH ${SigningCertURL}`);
});

test("refuses another padding, and a signature over the digest instead of the text", async () => {
  if (key === undefined) throw new Error("There is no key.");
  const text = Buffer.from(readMessage(notification).text);
  const pss = sign("sha256", text, { key: key.privateKey, padding: 6, saltLength: 32 }).toString("base64");
  expect(await verify({ ...signed(notification), Signature: pss })).toContain("ERR_SIGNATURE_MISMATCH");
});

test("refuses fields that are swapped, taken away or added", async () => {
  const { Subject, Message, ...rest } = signed(notification);
  expect(await verify({ ...rest, Subject: Message, Message: Subject })).toContain("ERR_SIGNATURE_MISMATCH");
  expect(await verify({ ...rest, Message })).toContain("ERR_SIGNATURE_MISMATCH");
  const plain = signed({ ...notification, Subject: undefined });
  expect(await verify({ ...plain, Subject: "" })).toContain("ERR_SIGNATURE_MISMATCH");
  const relabelled = { ...signed(confirmation), Type: "UnsubscribeConfirmation" };
  expect(await verify(relabelled)).toContain("ERR_SIGNATURE_MISMATCH");
});

test("refuses every change of one byte in what is signed, and every proper prefix of the body", async () => {
  const body = Buffer.from(JSON.stringify(signed(notification)));
  const isUnsigned = (index: number): boolean => index >= body.indexOf("SigningCertURL");
  for (let index = 0; index < body.length; index++) {
    const changed = Buffer.from(body);
    changed[index] = (changed[index] ?? 0) ^ 1;
    if (!isUnsigned(index)) expect(await verify(changed)).toMatch(/^ERR_/);
    expect(await verify(body.subarray(0, index))).toMatch(/^ERR_BODY_(?:MALFORMED|NOT_UTF8) $/);
  }
});

describe("the certificate's address is refused before anything is fetched:", () => {
  test.each([
    `http://${host}/${file}`,
    `HTTPS://${host}/${file}`,
    `https://${host}:443/${file}`,
    `https://${host}:8443/${file}`,
    `https://user@${host}/${file}`,
    `https://user:pass@${host}/${file}`,
    `https://${host.toUpperCase()}/${file}`,
    `https://SNS.eu-west-1.amazonaws.com/${file}`,
    `https://${host}./${file}`,
    `https://${host}.evil.example/${file}`,
    `https://evil.example/${host}/${file}`,
    `https://evil.example#${host}/${file}`,
    `https://evil.example\\@${host}/${file}`,
    `https://${host}\\@evil.example/${file}`,
    `https://sns.eu-central-1.amazonaws.com/${file}`,
    `https://sns.eu-west-1.amazonaws.com.cn/${file}`,
    `https://sns-eu-west-1.amazonaws.com/${file}`,
    `https://snsXeu-west-1.amazonaws.com/${file}`,
    `https://s3.amazonaws.com/sns.eu-west-1.amazonaws.com/${file}`,
    `https://sns.eu-west-1.s3.amazonaws.com/${file}`,
    `https://10.0.0.1/${file}`,
    `https://127.0.0.1/${file}`,
    `https://169.254.169.254/${file}`,
    `https://[::1]/${file}`,
    `https://localhost/${file}`,
    `https://${host}/../${file}`,
    `https://${host}/a/../${file}`,
    `https://${host}/%2e%2e/${file}`,
    `https://${host}//${file}`,
    `https://${host}/other/${file}`,
    `https://${host}/${file}?x=1`,
    `https://${host}/${file}#x`,
    `https://${host}/${file} `,
    ` https://${host}/${file}`,
    `https://${host}/${file}\n`,
    `https://${host}/\t${file}`,
    `https://${host}/${file.replace(".pem", ".PEM")}`,
    `https://${host}/${file.replace("-0", "-")}`,
    `https://${host}/${file.replace("-0", "-00")}`,
    `https://${host}/${file.replace("-0", "-.")}`,
    `https://${host}/certificate.pem`,
    `//${host}/${file}`,
    `/${file}`,
    "file:///etc/passwd",
    "data:,x",
    "",
  ])("%j", async (url) => {
    expect(await verify({ ...signed(notification), SigningCertURL: url })).toBe(early("ERR_SIGNATURE_MALFORMED"));
  });

  test.each([undefined, null, 7, [SigningCertURL], { href: SigningCertURL }])("no text: %j", async (url) => {
    expect(await verify({ ...signed(notification), SigningCertURL: url })).toBe(early("ERR_SIGNATURE_MISSING"));
  });

  test("in the spelling of Lambda", async () => {
    const body = { ...signed(notification), SigningCertURL: undefined, SigningCertUrl: SigningCertURL };
    expect(await verify(body)).toBe(early("ERR_SIGNATURE_MISSING"));
  });
});

describe("refused before anything is fetched is", () => {
  test.each([
    "arn:aws:sns:eu-west-1:123456789012:other",
    "arn:aws:sns:eu-west-1:999999999999:orders",
    "arn:aws:sns:us-east-1:123456789012:orders",
    `${notification.TopicArn}.fifo`,
    notification.TopicArn.toUpperCase(),
    "constructor",
    "",
  ])("the topic %j", async (TopicArn) => {
    expect(await verify(signed({ ...notification, TopicArn }))).toBe(early("ERR_SOURCE_NOT_ALLOWED"));
  });

  test.each([
    "https://evil.example/?Action=ConfirmSubscription",
    `http://${host}/?Action=ConfirmSubscription`,
    `https://${host}.evil.example/?Action=ConfirmSubscription`,
    `https://${host}@evil.example/?Action=ConfirmSubscription`,
    `https://${host}/?Action=ConfirmSubscription x`,
  ])("the SubscribeURL %s, though it is signed", async (SubscribeURL) => {
    expect(await verify(signed({ ...confirmation, SubscribeURL }))).toBe(early("ERR_SIGNATURE_MALFORMED"));
  });

  test("a signature in any spelling but AWS's own, and of any other length", async () => {
    const good = signed(notification);
    const text = String(good["Signature"]);
    const odd = [
      text.slice(0, -1),
      `${text}=`,
      `${text}\n`,
      ` ${text}`,
      text.replaceAll("+", "-").replaceAll("/", "_"),
      "☕",
      "QUJD",
    ];
    const other = odd.filter((spelling) => spelling !== text);
    for (const Signature of [...other, "A".repeat(10_000), ""]) {
      expect(await verify({ ...good, Signature })).toBe(early("ERR_SIGNATURE_MALFORMED"));
    }
    for (const Signature of [undefined, null, 7, [text]]) {
      expect(await verify({ ...good, Signature })).toBe(early("ERR_SIGNATURE_MISSING"));
    }
  });

  test.each(["0", "3", "", "2 ", "none", "constructor"])("the version %j", async (SignatureVersion) => {
    const body = { ...signed(notification), SignatureVersion };
    expect(await verify(body, { signatureVersions: ["1", "2"] })).toBe(early("ERR_SIGNATURE_MALFORMED"));
  });

  test("a key that is there twice, of which one is right", async () => {
    const text = JSON.stringify(signed(notification));
    for (const twice of [text.replace("{", '{"Message":"forged",'), text.replace(/}$/, ',"Message":"order-7 ☕"}')]) {
      expect(await verify(Buffer.from(twice))).toBe(early("ERR_BODY_MALFORMED"));
    }
  });

  test("a raw delivery, with what to do", async () => {
    const headers = { "x-amz-sns-rawdelivery": "true" };
    expect(await verify(Buffer.from('{"order":7}'), { headers })).toBe(early("ERR_SIGNATURE_MISSING"));
    // Nor does a genuine body become one by the header.
    expect(await verify(signed(notification), { headers })).toBe(early("ERR_SIGNATURE_MISSING"));
  });

  test("a message whose signed time is too far from now, and one in a time that is none", async () => {
    const sentAtMs = Date.parse(notification.Timestamp);
    for (const atMs of [sentAtMs - 24 * hourMs, sentAtMs + 24 * hourMs]) {
      expect(await verify(signed(notification), { atMs })).toContain("proven");
    }
    for (const atMs of [sentAtMs - 24 * hourMs - 1, sentAtMs + 24 * hourMs + 1, Number.NaN]) {
      expect(await verify(signed(notification), { atMs })).toBe(early("ERR_TIMESTAMP_STALE"));
    }
  });
});

test("does not refuse a message whose certificate cannot be had: SNS would not send it again", async () => {
  expect(await verify(signed(notification), { isAway: true })).toBe(`ERR_KEY_SOURCE_UNAVAILABLE ${SigningCertURL}`);
});
