import { ConfigError } from "@hooklatch/core/errors";

/** A topic that messages are taken from. */
export interface Topic {
  readonly arn: string;
  /** The one host that its certificates and its confirmations stand on. */
  readonly host: string;
}

/** The domains of AWS's partitions: the public one, China, GovCloud, the sovereign one in Europe, the isolated ones. */
const domains: ReadonlyMap<string, string> = new Map([
  ["aws", "amazonaws.com"],
  ["aws-cn", "amazonaws.com.cn"],
  ["aws-us-gov", "amazonaws.com"],
  ["aws-eusc", "amazonaws.eu"],
  ["aws-iso", "c2s.ic.gov"],
  ["aws-iso-b", "sc2s.sgov.gov"],
  ["aws-iso-e", "cloud.adc-e.uk"],
  ["aws-iso-f", "csp.hci.ic.gov"],
]);

const topicArn =
  /^arn:(?<partition>aws[a-z-]{0,16}):sns:(?<region>[a-z]{2,8}(?:-[a-z]{2,12}){1,2}-\d{1,2}):\d{12}:[\w-]{1,256}(?:\.fifo)?$/;

/**
 * Reads the list of topics. What the types promise, an environment variable that is not set breaks.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function readTopics(given: unknown): ReadonlyMap<string, Topic> {
  if (!Array.isArray(given) || given.length === 0) {
    throw invalid("topics must be a list of one topic ARN or more; did you set AWS_SNS_TOPIC_ARN?");
  }
  return new Map(given.map((arn: unknown, index) => [String(arn), readTopic(arn, `topics[${index}]`)]));
}

function readTopic(arn: unknown, name: string): Topic {
  if (typeof arn !== "string" || arn.trim() === "") {
    throw invalid(`${name} is ${typeof arn === "string" ? "blank" : typeof arn}; did you set AWS_SNS_TOPIC_ARN?`);
  }
  const { partition = "", region = "" } = topicArn.exec(arn)?.groups ?? {};
  const domain = domains.get(partition);
  if (domain === undefined) {
    throw invalid(`${name} is not the ARN of a topic, such as arn:aws:sns:eu-west-1:123456789012:orders.`);
  }
  return { arn, host: `sns.${region}.${domain}` };
}

/** A text of a stranger if it is the ARN of a topic, and so fit for a log. */
export function printableArn(text: string): string {
  return topicArn.test(text) ? text : "one that is no ARN of a topic";
}

function invalid(what: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", `awsSns: ${what}`, {
    help: "Any AWS customer can have AWS sign a message, so the topics must be named one by one, without wildcards.",
  });
}
