import { createHmac } from "node:crypto";

import { defineProvider } from "@hooklatch/core";
import type { Delivery, Provider, ProviderDefinition, Scheme } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";
import { hmac } from "@hooklatch/core/schemes";
import type { Keys } from "@hooklatch/core/schemes";
import type { MockPlatform } from "@hooklatch/mock-sender";

import type { ProviderCaseName } from "../provider/case-names.ts";
import type { ProviderConformanceOptions } from "../provider/options.ts";
import { providerConformance } from "../provider/provider-conformance.ts";

export interface GullEvents {
  readonly "fish.caught": { readonly grams: number };
  readonly "fish.lost": { readonly to: string };
}

type Options = ProviderConformanceOptions<GullEvents, { readonly secret: string }>;
export type Change = (secrets: Keys<string>) => Partial<ProviderDefinition>;

let mocksSoFar = 0;

export const schemeFor = (secrets: Keys<string>): Scheme =>
  hmac({
    secrets,
    header: "x-gull-signature",
    encoding: "hex",
    content: "{timestamp}.{body}",
    timestamp: { header: "x-gull-time" },
  });

/** A provider that conforms, but for the change. */
const gull = (secrets: Keys<string>, change: Change): Provider<GullEvents> =>
  defineProvider({ name: "gull", scheme: schemeFor(secrets), payload: "data", ...change(secrets) });

export function gullMock(change: Change): MockPlatform<GullEvents, { readonly secret: string }> {
  const secret = `a secret of gull ${++mocksSoFar}`;
  return {
    name: "gull",
    provider: gull(secret, change),
    credentials: { secret },
    types: ["fish.caught", "fish.lost"],
    attemptsDueMs: [0],
    // Each type has its own payload, which the compiler cannot see from the outside.
    fixture: (type) => (type === "fish.caught" ? { grams: 70 } : { to: "a pelican" }) as GullEvents[typeof type],
    encode({ type, payload, moment }) {
      const parsed = { id: moment.uuid("event"), type, data: payload };
      return { contentType: "application/json", bytes: Buffer.from(JSON.stringify(parsed)), parsed };
    },
    sign(request, { key, nowMs }) {
      const time = String(Math.floor(nowMs / 1000));
      const signature = createHmac("sha256", key === "own" ? secret : "a secret of nobody")
        .update(`${time}.`)
        .update(request.body)
        .digest("hex");
      const headers = { ...request.headers, "x-gull-time": time, "x-gull-signature": signature, "x-gull-try": "1" };
      return { ...request, headers };
    },
  };
}

export function casesFor(change: Change = () => ({}), options: Partial<Options> = {}) {
  return providerConformance<GullEvents, { readonly secret: string }>({
    mock: () => gullMock(change),
    signature: { header: "X-Gull-Signature" },
    keys: { of: ({ secret }) => secret, provider: (secrets) => gull(secrets, change) },
    ...options,
  });
}

export async function run(name: ProviderCaseName, change?: Change, options?: Partial<Options>): Promise<void> {
  const found = casesFor(change, options).find((one) => one.name.startsWith(`${name}: `));
  if (found === undefined) throw new Error(`There is no case ${name}.`);
  await found.run();
}

/** The good scheme, with another way to verify. */
export const verifying =
  (verify: (delivery: Delivery, nowMs: number, good: Scheme, secrets: Keys<string>) => ReturnType<Scheme["verify"]>) =>
  (secrets: Keys<string>): Partial<ProviderDefinition> => {
    const good = schemeFor(secrets);
    return { scheme: { ...good, verify: (delivery, nowMs) => verify(delivery, nowMs, good, secrets) } };
  };

export const digestOf = (delivery: Delivery, secret: unknown, content = delivery.body): string =>
  createHmac("sha256", String(secret))
    .update(`${delivery.header("x-gull-time")}.`)
    .update(content)
    .digest("hex");

export const proveIf = (isGood: boolean, { body }: Delivery): Uint8Array => {
  if (isGood) return body;
  throw new RejectedError("ERR_SIGNATURE_MISMATCH", "It does not fit.");
};

export const parse = ({ body }: Delivery): object => {
  const parsed: unknown = JSON.parse(Buffer.from(body).toString());
  return typeof parsed === "object" && parsed !== null ? parsed : {};
};
