import { sign } from "node:crypto";

import type { BodyObject } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { awsSns, awsSnsEventTypes } from "@hooklatch/providers/aws-sns";
import type { AwsSnsEvents, Fetch, SignatureVersion } from "@hooklatch/providers/aws-sns";

import type { MockPlatform } from "../mock-platform.ts";
import type { MockRequest } from "../mock-request.ts";
import { readPayload } from "../read-payload.ts";
import { createRsaKey, foreignRsaKey } from "../rsa-key.ts";
import { awsSnsFixtures } from "./aws-sns-fixtures.ts";
import { createCertificate } from "./create-certificate.ts";
import { writeBody } from "./write-body.ts";

/** What an app that receives from SNS is configured with. */
export interface AwsSnsCredentials {
  /** The value of `AWS_SNS_TOPIC_ARN`. */
  readonly topicArn: string;
  /** Answers for AWS, without a network: it has the mock's certificate and confirms subscriptions to its topic. */
  readonly fetch: Fetch;
}

/** How SNS is mocked. */
export interface AwsSnsMockOptions {
  /** The topic of all messages. Default: `arn:aws:sns:ap-southeast-1:210987654321:teratai-orders`. */
  readonly topicArn?: string;
  /** With which version messages are signed. Default: `2`, SHA-256. */
  readonly signatureVersion?: SignatureVersion;
  /** Whether the mock's provider confirms subscriptions. Default: false. */
  readonly confirmSubscriptions?: boolean;
}

/** The default policy for HTTP: three more attempts, 20 seconds apart. */
const attemptsDueMs = [0, 20_000, 40_000, 60_000];

const confirmationAnswer =
  '<ConfirmSubscriptionResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"></ConfirmSubscriptionResponse>';

/**
 * SNS with a key and a certificate of its own: `createMockSender(awsSnsMock())`. To make them takes about 0.2 s, so make
 * one mock for a test file and a sender for each test.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function awsSnsMock(options: AwsSnsMockOptions = {}): MockPlatform<AwsSnsEvents, AwsSnsCredentials> {
  const { topicArn = "arn:aws:sns:ap-southeast-1:210987654321:teratai-orders", signatureVersion = "2" } = options;
  const host = hostOf(topicArn);
  const privateKey = createRsaKey();
  // Wide enough for whatever time a test's clock shows.
  const validity = { fromMs: Date.UTC(2000, 0, 1), untilMs: Date.UTC(2049, 11, 31) };
  const certificate = createCertificate(privateKey, { name: "sns.amazonaws.com", ...validity });
  const certificateUrl = `https://${host}/SimpleNotificationService-9c4b2a7d1e8f3065b7c2d9e4f1a0836b.pem`;
  const unsubscribeUrl = `https://${host}/?Action=Unsubscribe&SubscriptionArn=${topicArn}:6d0f1c52-8e3a-4b97-a1d4-2c5e7f90b318`;
  const fetch = answerForAws({ host, topicArn, certificateUrl, certificate });
  return {
    name: "aws-sns",
    provider: awsSns({
      topics: [topicArn],
      signatureVersions: [signatureVersion],
      confirmSubscriptions: options.confirmSubscriptions ?? false,
      fetch,
    }),
    credentials: { topicArn, fetch },
    types: awsSnsEventTypes,
    attemptsDueMs,
    fixture: (type, moment) => awsSnsFixtures[type](moment, topicArn),
    encode(event) {
      const { unsigned, ...signed } = readPayload(event);
      return writeBody({ ...signed, ...(typeof unsigned === "object" ? unsigned : {}) });
    },
    sign(request, { event, key }) {
      const hash = signatureVersion === "1" ? "sha1" : "sha256";
      const text = Buffer.from(signedText(readPayload(event)));
      const signature = sign(hash, text, key === "own" ? privateKey : foreignRsaKey()).toString("base64");
      return addToBody(request, {
        SignatureVersion: signatureVersion,
        Signature: signature,
        SigningCertURL: certificateUrl,
        ...(event.type === "Notification" ? { UnsubscribeURL: unsubscribeUrl } : {}),
      });
    },
  };
}

function hostOf(topicArn: string): string {
  const region = /^arn:aws:sns:([a-z0-9-]+):\d{12}:[\w-]+$/.exec(topicArn)?.[1];
  if (region !== undefined) return `sns.${region}.amazonaws.com`;
  throw new ConfigError("ERR_OPTION_INVALID", "The option topicArn is not the ARN of a topic of AWS's public regions.");
}

/** What AWS signs: names and values in alphabetical order, each on a line of its own. */
function signedText(payload: BodyObject): string {
  const names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
  return names.map((name) => (typeof payload[name] === "string" ? `${name}\n${payload[name]}\n` : "")).join("");
}

/** The proof of SNS stands in the body; padding behind the object stays where it is. */
function addToBody(request: MockRequest, proof: BodyObject): MockRequest {
  const text = Buffer.from(request.body).toString();
  const end = text.lastIndexOf("}") + 1;
  // What `encode` has written.
  const fields = JSON.parse(text) as BodyObject;
  const { bytes } = writeBody({ ...fields, ...proof });
  const headers = { "x-amz-sns-message-type": String(fields["Type"]), ...idHeaders(fields) };
  return {
    ...request,
    headers: { ...request.headers, ...headers, "user-agent": "Amazon Simple Notification Service Agent" },
    body: new Uint8Array(Buffer.concat([bytes, Buffer.from(text.slice(end))])),
  };
}

function idHeaders({ MessageId, TopicArn }: BodyObject): Readonly<Record<string, string>> {
  return {
    ...(typeof MessageId === "string" ? { "x-amz-sns-message-id": MessageId } : {}),
    ...(typeof TopicArn === "string" ? { "x-amz-sns-topic-arn": TopicArn } : {}),
  };
}

interface Aws {
  readonly host: string;
  readonly topicArn: string;
  readonly certificateUrl: string;
  readonly certificate: string;
}

function answerForAws({ host, topicArn, certificateUrl, certificate }: Aws): Fetch {
  return async (url) => {
    if (url === certificateUrl) return new Response(certificate);
    const { host: asked, searchParams } = new URL(url);
    const isConfirmation = searchParams.get("Action") === "ConfirmSubscription" && searchParams.has("Token");
    const isOurs = asked === host && searchParams.get("TopicArn") === topicArn;
    return isOurs && isConfirmation ? new Response(confirmationAnswer) : new Response("", { status: 404 });
  };
}
