import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Scheme } from "@hooklatch/core";
import { createMockSender } from "@hooklatch/mock-sender";
import type { MockPlatform, MockRequest } from "@hooklatch/mock-sender";
import { awsSnsMock } from "@hooklatch/mock-sender/aws-sns";
import { chipSendMock } from "@hooklatch/mock-sender/chip-send";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { cleengMock } from "@hooklatch/mock-sender/cleeng";
import { enderpayMock } from "@hooklatch/mock-sender/enderpay";
import { githubMock } from "@hooklatch/mock-sender/github";
import { inplayerMock } from "@hooklatch/mock-sender/inplayer";
import { createMockNotifications } from "@hooklatch/mock-sender/inplayer-notifications";
import { paddleMock } from "@hooklatch/mock-sender/paddle";
import { shopifyMock } from "@hooklatch/mock-sender/shopify";
import { slackMock } from "@hooklatch/mock-sender/slack";
import { standardWebhooksMock } from "@hooklatch/mock-sender/standard-webhooks";
import { stripeMock } from "@hooklatch/mock-sender/stripe";
import { inplayerNotifications } from "@hooklatch/providers/inplayer-notifications";

/** A platform with its events forgotten, so that all of them stand in one table. */
export interface Platform {
  /** A signed request for each type of event. */
  signAll(): Promise<readonly MockRequest[]>;
  /** The event ids of requests that arrive at this moment. */
  idsOf(requests: readonly MockRequest[], at: Arrival): Promise<readonly (string | undefined)[]>;
}

interface Arrival {
  readonly nowMs: number;
  /** Whether signatures are looked at. Another process has other keys, and the id does not depend on them. */
  readonly verify: boolean;
}

const everybody: Scheme = { headers: [], verify: ({ body }) => body };

function toPlatform<Events>(mock: MockPlatform<Events>): Platform {
  return {
    async signAll() {
      const sender = createMockSender(mock);
      return Promise.all(sender.types.map(async (type) => sender.build(type)));
    },
    async idsOf(requests, { nowMs, verify }) {
      const provider = verify ? mock.provider : { ...mock.provider, scheme: everybody };
      const clock = { nowMs: () => nowMs, setTimer: () => () => {} };
      const receiver = createReceiver({ provider, clock, onOutcome: () => {} }).on("*", () => {});
      const ids: (string | undefined)[] = [];
      for (const { url, headers, body } of requests) {
        const { pathname, search } = new URL(url);
        const { event } = await receiver.receive(toIncomingDelivery({ url: pathname + search, headers, body }));
        ids.push(event?.id);
      }
      return ids;
    },
  };
}

/** Messages that do not come by HTTP: the address is the topic. */
const notifications: Platform = {
  async signAll() {
    const mock = await createMockNotifications();
    const url = `mqtt:${mock.credentials.accountUuid}`;
    const sent = await Promise.all(mock.types.map(async (type) => mock.publish(type)));
    await mock.close();
    return sent.map(({ bytes }) => ({ method: "POST", url, headers: {}, body: new Uint8Array(bytes) }));
  },
  async idsOf(requests, { nowMs }) {
    const clock = { nowMs: () => nowMs, setTimer: () => () => {} };
    const receiver = createReceiver({ provider: inplayerNotifications(), clock, onOutcome: () => {} }).on(
      "*",
      () => {},
    );
    const results = await Promise.all(requests.map(async (request) => receiver.dispatch(request)));
    return results.map(({ event }) => event?.id);
  },
};

/** Every platform, by the folder of its provider, with keys of its own. */
export const platforms: Readonly<Record<string, Platform>> = {
  "aws-sns": toPlatform(awsSnsMock()),
  chip: toPlatform(chipMock()),
  "chip-send": toPlatform(chipSendMock()),
  cleeng: toPlatform(cleengMock()),
  enderpay: toPlatform(enderpayMock()),
  github: toPlatform(githubMock()),
  inplayer: toPlatform(inplayerMock()),
  "inplayer-notifications": notifications,
  paddle: toPlatform(paddleMock()),
  shopify: toPlatform(shopifyMock()),
  slack: toPlatform(slackMock()),
  "standard-webhooks": toPlatform(standardWebhooksMock()),
  stripe: toPlatform(stripeMock()),
};
