import { createReceiver } from "@hooklatch/core";
import type { OutcomeReport, Store } from "@hooklatch/core";
import { chip } from "@hooklatch/providers/chip";
import { github } from "@hooklatch/providers/github";
import { slack } from "@hooklatch/providers/slack";
import { stripe } from "@hooklatch/providers/stripe";

/** What the receivers need from outside. */
export interface ReceiversOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One for all: an event is known by its platform and its id. */
  readonly store: Store;
  /** One for all: a report says which platform it is about. */
  readonly onOutcome: (report: OutcomeReport) => void;
  /** Tells the team what has happened. */
  readonly tell: (news: string) => void;
}

/** One receiver for each platform, by the name of its path. None is made without its own secret or key. */
export function createReceivers({ env, tell, ...shared }: ReceiversOptions) {
  const cards = createReceiver({ provider: stripe({ secrets: env["STRIPE_WEBHOOK_SECRET"] ?? "" }), ...shared });
  cards.on("checkout.session.completed", ({ payload }) => {
    tell(`${payload.data.object.client_reference_id} was paid by card`);
  });

  const transfers = createReceiver({ provider: chip({ publicKey: env["CHIP_PUBLIC_KEY"] ?? "" }), ...shared });
  transfers.on("purchase.paid", ({ payload }) => tell(`${payload.reference} was paid by transfer`));

  const code = createReceiver({ provider: github({ secrets: env["GITHUB_WEBHOOK_SECRET"] ?? "" }), ...shared });
  code.on("issues.opened", ({ payload }) => tell(`${payload.issue.title} is a new issue`));

  const chat = createReceiver({ provider: slack({ secrets: env["SLACK_SIGNING_SECRET"] ?? "" }), ...shared });
  chat.on("app_mention", ({ payload }) => tell(`${payload.event.text} was said in Slack`));

  return { stripe: cards, chip: transfers, github: code, slack: chat };
}
