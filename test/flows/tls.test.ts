import { generateKeyPairSync } from "node:crypto";
import type { RequestListener } from "node:http";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { jwt } from "@hooklatch/core/schemes";
import { createMockSender } from "@hooklatch/mock-sender";
import { awsSnsMock } from "@hooklatch/mock-sender/aws-sns";
import { awsSns } from "@hooklatch/providers/aws-sns";
import type { Fetch } from "@hooklatch/providers/aws-sns";
import { SignJWT, exportJWK } from "jose";
import { describe, expect, test } from "vitest";

import { serveTls } from "../support/tls-server.ts";

// Certificates and key sets come by https only. Here a real server with TLS gives them, or does not.

const away = "unavailable 503 ERR_KEY_SOURCE_UNAVAILABLE";
const padding = " ".repeat(1024 * 1024);

/** What a server may do in place of a plain answer. Each has to end as "not to be had", and never as "verified". */
const bad: Readonly<Record<string, (good: string) => RequestListener>> = {
  "a redirect": () => (_request, response) => void response.writeHead(302, { location: "/key" }).end(),
  // What is right as far as it goes: only its length is wrong.
  "an answer past the limit, declared": (good) => (_request, response) => void response.end(good + padding),
  "an answer past the limit, in chunks": (good) => (_request, response) => {
    response.write(good);
    response.end(padding);
  },
  "an error": (good) => (_request, response) => void response.writeHead(500).end(good),
  nonsense: () => (_request, response) => void response.end("nonsense"),
  "half an answer": (good) => (request, response) => {
    response.writeHead(200, { "content-length": String(good.length + 1) }).write(good);
    setTimeout(() => request.socket.destroy(), 20);
  },
};

describe("the certificate of SNS", () => {
  const mock = awsSnsMock();
  const { topicArn } = mock.credentials;
  const host = "sns.ap-southeast-1.amazonaws.com";
  async function readCertificate(): Promise<string> {
    let url = "";
    const { credentials } = mock;
    // The mock answers for AWS at the address that its messages name.
    const spy: Fetch = async (asked, request) => {
      url = asked;
      return credentials.fetch(asked, request);
    };
    expect(await outcomeWith(spy)).toBe("handled 200");
    const request = { method: "GET", redirect: "error", signal: AbortSignal.timeout(5_000) } as const;
    const { body } = await credentials.fetch(url, request);
    let pem = "";
    for await (const chunk of body ?? []) pem += Buffer.from(chunk).toString();
    return pem;
  }

  const serveCertificate = async (): Promise<RequestListener> => {
    const pem = await readCertificate();
    return (_request, response) => void response.end(pem);
  };

  async function outcomeWith(fetch: Fetch): Promise<string> {
    const receiver = createReceiver({ provider: awsSns({ topics: [topicArn], fetch }), onOutcome: () => {} });
    receiver.on("*", () => {});
    const { outcome, status } = await createMockSender(mock).send(receiver, "Notification");
    return `${outcome} ${status}`;
  }

  test("is fetched over TLS, once", async () => {
    const { fetch, asked } = await serveTls(host, await serveCertificate());
    expect(await outcomeWith(fetch)).toBe("handled 200");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^https:\/\/sns\.ap-southeast-1\.amazonaws\.com\/SimpleNotificationService-\w{32}\.pem$/);
  });

  test.each(Object.entries(bad))("is not taken from %s", async (_what, listener) => {
    const { fetch, asked } = await serveTls(host, listener(await readCertificate()));
    expect(await outcomeWith(fetch)).toBe("unavailable 503");
    expect(asked).toHaveLength(1); // a redirect was not followed: every name leads to this server
  });

  test("is waited for 5 seconds and no longer", async () => {
    const { fetch, asked } = await serveTls(host, () => {});
    expect(await outcomeWith(fetch)).toBe("unavailable 503");
    expect(asked).toHaveLength(1);
  }, 20_000);

  test("is not taken from a server whose own certificate nobody vouches for, or is for another name", async () => {
    const { distrustingFetch, asked } = await serveTls(host, await serveCertificate());
    expect(await outcomeWith(distrustingFetch)).toBe("unavailable 503");
    const other = await serveTls("sns.example.com", await serveCertificate());
    expect(await outcomeWith(other.fetch)).toBe("unavailable 503");
    expect([...asked, ...other.asked]).toEqual([]);
  });
});

describe("a key set", async () => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "ES256" }] });
  const jwksUrl = "https://keys.example/jwks.json";
  const serveKeys: RequestListener = (_request, response) => void response.end(keys);

  function receiverWith(fetch: Fetch) {
    const provider: Provider = {
      name: "tokens",
      scheme: jwt({
        algorithms: ["ES256"],
        issuer: "iss",
        audience: "aud",
        bodyHash: "none",
        keys: { jwksUrl, fetch },
      }),
      body: "json",
      maxBodyBytes: 1024,
      retryHorizonMs: 1000,
      describe: (body) => ({ id: body["id"], type: "paid", payload: body }),
    };
    const receiver = createReceiver({ provider, onOutcome: () => {} });
    receiver.on("*", () => {});
    return async (kid = "k1"): Promise<string> => {
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: "ES256", kid })
        .setIssuer("iss")
        .setAudience("aud")
        .setIssuedAt()
        .setExpirationTime("1m")
        .sign(pair.privateKey);
      const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
      const body = Buffer.from(JSON.stringify({ id: crypto.randomUUID() }));
      const { outcome, reply, error } = await receiver.receive(toIncomingDelivery({ headers, body }));
      return [outcome, reply.status, ...(error === undefined ? [] : [error.code])].join(" ");
    };
  }

  test("is fetched over TLS, and a storm of unknown keys asks for it once per cooldown", async () => {
    const { fetch, asked } = await serveTls("keys.example", serveKeys);
    const post = receiverWith(fetch);
    expect(await post()).toBe("handled 200");
    const storm = await Promise.all(Array.from({ length: 200 }, (_, index) => post(`made-up-${index}`)));
    expect(new Set(storm.map((answer) => answer.split(" ")[0]))).toEqual(new Set(["rejected"]));
    expect(await post()).toBe("handled 200");
    expect(asked).toEqual([jwksUrl]);
  });

  test.each(Object.entries(bad))("is not taken from %s", async (_what, listener) => {
    const { fetch, asked } = await serveTls("keys.example", listener(keys));
    expect(await receiverWith(fetch)()).toBe(away);
    expect(asked).toEqual([jwksUrl]);
  });

  test("is not taken from a server whose own certificate nobody vouches for", async () => {
    const { distrustingFetch, asked } = await serveTls("keys.example", serveKeys);
    expect(await receiverWith(distrustingFetch)()).toBe(away);
    expect(asked).toEqual([]);
  });
});
