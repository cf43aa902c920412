import type { BodyObject, Reply } from "@hooklatch/core";
import { BackendError } from "@hooklatch/core/errors";

import { fetchText } from "./fetch-text.ts";
import type { Fetch } from "../fetch.ts";
import { readMessage } from "./read-message.ts";
import type { Topic } from "./read-topics.ts";

interface ConfirmOptions {
  readonly topics: ReadonlyMap<string, Topic>;
  readonly fetch: Fetch;
}

const confirmed: Reply = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: '{"outcome":"handled"}',
};

/**
 * Makes the handshake that confirms subscriptions. It asks AWS at an address made of the topic's region, its ARN and the
 * token; `SubscribeURL` is not followed. That of an `UnsubscribeConfirmation` would subscribe anew: it is left alone.
 */
export function confirmSubscription({ topics, fetch }: ConfirmOptions) {
  return (body: BodyObject): Promise<Reply> | undefined => {
    if (body["Type"] !== "SubscriptionConfirmation") return undefined;
    const { topicArn, fields } = readMessage(body);
    const topic = topics.get(topicArn);
    return topic === undefined ? undefined : confirm(topic, fields["Token"] ?? "", fetch);
  };
}

async function confirm({ arn, host }: Topic, token: string, fetch: Fetch): Promise<Reply> {
  const query = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn: arn, Token: token });
  try {
    await fetchText(fetch, `https://${host}/?${query.toString()}`);
    return confirmed;
  } catch (cause) {
    // Never a refusal: SNS would not send the confirmation again.
    throw new BackendError("ERR_HANDSHAKE_FAILED", "The subscription could not be confirmed.", {
      help: "The machine must reach sns.<region>.amazonaws.com over https. Then request the confirmation again.",
      cause,
    });
  }
}
