import { ConfigError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { printableArn, readTopics } from "./read-topics.ts";

test.each([
  ["arn:aws:sns:eu-west-1:123456789012:orders", "sns.eu-west-1.amazonaws.com"],
  ["arn:aws:sns:ap-southeast-7:123456789012:Orders_of-2027.fifo", "sns.ap-southeast-7.amazonaws.com"],
  ["arn:aws-cn:sns:cn-north-1:123456789012:orders", "sns.cn-north-1.amazonaws.com.cn"],
  ["arn:aws-us-gov:sns:us-gov-west-1:123456789012:orders", "sns.us-gov-west-1.amazonaws.com"],
  ["arn:aws-eusc:sns:eusc-de-east-1:123456789012:orders", "sns.eusc-de-east-1.amazonaws.eu"],
  ["arn:aws-iso-b:sns:us-isob-east-1:123456789012:orders", "sns.us-isob-east-1.sc2s.sgov.gov"],
])("knows the host of %s", (arn, host) => {
  expect([...readTopics([arn])]).toEqual([[arn, { arn, host }]]);
});

test.each([
  [undefined, "did you set AWS_SNS_TOPIC_ARN?"],
  ["arn:aws:sns:eu-west-1:123456789012:orders", "topics must be a list"],
  [[], "topics must be a list of one topic ARN or more"],
  [[undefined], "topics[0] is undefined; did you set AWS_SNS_TOPIC_ARN?"],
  [[" "], "topics[0] is blank"],
  [["arn:aws:sns:eu-west-1:123456789012:orders", 7], "topics[1] is number"],
  [["arn:aws:sns:eu-west-1:123456789012:*"], "topics[0] is not the ARN of a topic"],
  [["arn:aws:sns:*:123456789012:orders"], "topics[0] is not the ARN of a topic"],
  [["arn:aws:sns:eu-west-1.evil.example/a-b-1:123456789012:orders"], "topics[0] is not the ARN of a topic"],
  [["arn:aws-other:sns:eu-west-1:123456789012:orders"], "topics[0] is not the ARN of a topic"],
  [["arn:aws:sqs:eu-west-1:123456789012:orders"], "topics[0] is not the ARN of a topic"],
  [["arn:aws:sns:eu-west-1:123456789012:orders:0b71e34e-42c3"], "topics[0] is not the ARN of a topic"],
  [[" arn:aws:sns:eu-west-1:123456789012:orders"], "topics[0] is not the ARN of a topic"],
  [["arn:aws:sns:eu-west-1:123456789012:orders\n"], "topics[0] is not the ARN of a topic"],
])("refuses %j at start-up", (topics, message) => {
  expect(() => readTopics(topics)).toThrow(ConfigError);
  expect(() => readTopics(topics)).toThrow(message);
});

test("puts nothing of a stranger's into a log but an ARN", () => {
  expect(printableArn("arn:aws:sns:eu-west-1:123456789012:other")).toBe("arn:aws:sns:eu-west-1:123456789012:other");
  expect(printableArn("x\nINFO all is well")).toBe("one that is no ARN of a topic");
});
