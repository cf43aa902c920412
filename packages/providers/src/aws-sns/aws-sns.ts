import type { BodyObject, EventDescription, Provider } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

import { limitsOf } from "../secret-options.ts";
import { Certificates } from "./certificates.ts";
import { confirmSubscription } from "./confirm-subscription.ts";
import type { AwsSnsEvents } from "./events.ts";
import type { Fetch, FetchRequest } from "../fetch.ts";
import { readMessage } from "./read-message.ts";
import { readTopics } from "./read-topics.ts";
import { readUnsigned } from "./read-unsigned.ts";
import { snsScheme } from "./sns-scheme.ts";
import type { SignatureVersion } from "./sns-scheme.ts";

const dayMs = 86_400_000;

/** How the SNS provider is set up. */
export interface AwsSnsOptions {
  /** The ARNs of the topics that messages are taken from, each in full. */
  readonly topics: readonly string[];
  /**
   * Whether to confirm a subscription to one of the topics, by asking AWS. Such a confirmation is then no event. Default:
   * false; it is an event, and nothing is asked.
   */
  readonly confirmSubscriptions?: boolean;
  /** What is accepted. Default: `["2"]`, SHA-256. A topic signs with version 1 until its attribute is set. */
  readonly signatureVersions?: readonly SignatureVersion[];
  /** How far the signed time of publishing may lie from now, either way, in milliseconds. Default: 1 day. */
  readonly toleranceMs?: number;
  /** How long a certificate is kept, in milliseconds. Its dates are checked every time. Default: 1 day. */
  readonly cacheMs?: number;
  /** What certificates are fetched and subscriptions confirmed with. Default: the global `fetch`. */
  readonly fetch?: Fetch;
  /** The largest body accepted, in bytes. Default: 2 MiB. */
  readonly maxBodyBytes?: number;
  /** Standard Schemas that payloads must pass, by event type. */
  readonly schemas?: NonNullable<Provider["schemas"]>;
}

/**
 * Amazon SNS over HTTPS: notifications of named topics, signed by AWS with RSA over some of their fields.
 *
 * @example
 *   const orders = createReceiver({ provider: awsSns({ topics: [process.env.AWS_SNS_TOPIC_ARN!] }) });
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function awsSns(options: AwsSnsOptions): Provider<AwsSnsEvents> {
  const topics = readTopics(options.topics);
  // Looked up late, so that a tool which replaces the global one is heeded.
  const fetch = options.fetch ?? ((url: string, request: FetchRequest) => globalThis.fetch(url, request));
  const certificates = new Certificates(fetch, readMs(options.cacheMs ?? dayMs, "cacheMs"));
  return {
    name: "aws-sns",
    scheme: snsScheme({
      topics,
      signatureVersions: readVersions(options.signatureVersions ?? ["2"]),
      // SNS tries for an hour at most, after which only somebody else can send the message.
      toleranceMs: readMs(options.toleranceMs ?? dayMs, "toleranceMs"),
      keyFor: async (url, nowMs) => certificates.keyFor(url, nowMs),
      knownKey: (url) => certificates.knownKey(url),
    }),
    body: "json",
    // SNS writes its JSON as plain text, unless the subscription says otherwise.
    contentTypes: ["text/plain", "application/json"],
    // A message has 256 KiB; escaping can make six bytes of one.
    maxBodyBytes: 2 * 1024 * 1024,
    retryHorizonMs: 2 * dayMs,
    describe,
    ...(readSwitch(options.confirmSubscriptions) ? { handshake: confirmSubscription({ topics, fetch }) } : {}),
    ...limitsOf(options),
  };
}

function describe(body: BodyObject): EventDescription {
  const { type, fields, timestampMs } = readMessage(body);
  const payload = type === "Notification" ? { ...fields, unsigned: readUnsigned(body) } : fields;
  return { id: fields["MessageId"], type, payload, occurredAtMs: timestampMs };
}

function readVersions(versions: readonly SignatureVersion[]): readonly SignatureVersion[] {
  const isList = Array.isArray(versions) && versions.length > 0;
  if (isList && versions.every((version: unknown) => version === "1" || version === "2")) return versions;
  throw invalid('signatureVersions must be a list of "1", "2" or both');
}

function readMs(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw invalid(`${name} must be a whole number above 0`);
}

/** A text such as "false" out of an environment variable must not switch it on. */
function readSwitch(value: boolean | undefined): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? false;
  throw invalid("confirmSubscriptions must be true or false");
}

function invalid(what: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", `awsSns: ${what}.`);
}
