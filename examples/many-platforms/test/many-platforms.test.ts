import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { githubMock } from "@hooklatch/mock-sender/github";
import { slackMock } from "@hooklatch/mock-sender/slack";
import { stripeMock } from "@hooklatch/mock-sender/stripe";
import { afterEach, expect, it } from "vitest";

const stripe = createMockSender(stripeMock());
const chip = createMockSender(chipMock());
const github = createMockSender(githubMock());
const slack = createMockSender(slackMock());
const senders = { stripe, chip, github, slack };

const secrets = {
  STRIPE_WEBHOOK_SECRET: stripe.credentials.secret,
  CHIP_PUBLIC_KEY: chip.credentials.publicKey,
  GITHUB_WEBHOOK_SECRET: github.credentials.secret,
  SLACK_SIGNING_SECRET: slack.credentials.secret,
};

/** One event of each platform, built and not sent. With an id, where the platform lets it be chosen. */
const events = {
  stripe: async (id?: string) =>
    stripe.build("checkout.session.completed", {
      payload: { ...(id === undefined ? {} : { id }), data: { object: { client_reference_id: "order-1" } } },
    }),
  chip: async () => chip.build("purchase.paid", { payload: { reference: "order-2" } }),
  github: async () => github.build("issues.opened", { payload: { issue: { title: "Too dark" } } }),
  slack: async (id?: string) =>
    slack.build("app_mention", {
      payload: { ...(id === undefined ? {} : { event_id: id }), event: { text: "A lamp" } },
    }),
};
const platforms = ["stripe", "chip", "github", "slack"] as const;

const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
});

/** Starts the app on a free port. Answers with its process and where it listens. */
async function start(variables: NodeJS.ProcessEnv = secrets) {
  const file = fileURLToPath(new URL("../src/server.ts", import.meta.url));
  const child = spawn(process.execPath, [file], { env: { ...process.env, PORT: "0", ...variables } });
  started.push(child);
  let printed = "";
  child.stderr.on("data", (bytes: Buffer) => (printed += String(bytes)));
  const webhooks = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (bytes: Buffer) => {
      printed += String(bytes);
      const found = /on (http:\S+)\n/.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("close", () => reject(new Error(`The app ended without listening:\n${printed}`)));
  });
  const read = async (page: "news" | "outcomes"): Promise<unknown> =>
    (await fetch(new URL(`/${page}`, webhooks))).json();
  return { child, webhooks, read };
}

it("hands each platform's events to its own handlers, once, and reports all of them in one place", async () => {
  const { webhooks, read } = await start();
  for (const platform of platforms) {
    const request = await events[platform]();
    const first = await senders[platform].deliver(webhooks + platform, request);
    const second = await senders[platform].deliver(webhooks + platform, request);
    expect([platform, first.outcome, second.outcome]).toEqual([platform, "handled", "duplicate"]);
  }

  expect(await read("news")).toEqual([
    "order-1 was paid by card",
    "order-2 was paid by transfer",
    "Too dark is a new issue",
    "A lamp was said in Slack",
  ]);
  expect(await read("outcomes")).toEqual(
    Object.fromEntries(platforms.flatMap((name) => [`${name} handled`, `${name} duplicate`].map((key) => [key, 1]))),
  );
});

it.each(platforms)("refuses at the other paths what %s has signed for its own", async (platform) => {
  const { webhooks, read } = await start();
  const request = await events[platform]();
  const others = platforms.filter((name) => name !== platform);
  for (const other of others) {
    const result = await senders[platform].deliver(webhooks + other, request);
    expect([other, result]).toEqual([other, expect.objectContaining({ status: 401, outcome: "rejected" })]);
  }

  expect(await read("news")).toEqual([]);
  expect(await read("outcomes")).toEqual(Object.fromEntries(others.map((name) => [`${name} rejected`, 1])));
  expect((await senders[platform].deliver(webhooks + platform, request)).outcome).toBe("handled");
});

it.each(["chip", "github"] as const)(
  "takes events of other platforms with an id of %s's for others",
  async (platform) => {
    const { webhooks } = await start();
    const request = await events[platform]();
    const { eventId = "" } = request;
    const stripes = await events.stripe(eventId);
    const slacks = await events.slack(eventId);
    expect([stripes.eventId, slacks.eventId]).toEqual([eventId, eventId]); // three events, one id, one store

    for (const outcome of ["handled", "duplicate"]) {
      expect((await senders[platform].deliver(webhooks + platform, request)).outcome).toBe(outcome);
      expect((await stripe.deliver(`${webhooks}stripe`, stripes)).outcome).toBe(outcome);
      expect((await slack.deliver(`${webhooks}slack`, slacks)).outcome).toBe(outcome);
    }
  },
);

it.each(Object.keys(secrets))("does not start without %s", async (variable) => {
  await expect(start({ ...secrets, [variable]: "" })).rejects.toThrow(new RegExp(variable));
});

it("ends in good order when it is told to", async () => {
  const { child } = await start();
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  expect(await gone).toEqual([0, null]);
});
