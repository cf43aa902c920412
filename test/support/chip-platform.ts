import { createReceiver } from "@hooklatch/core";
import type { WebhookEvent } from "@hooklatch/core";
import { toExpress } from "@hooklatch/express";
import { createMockPlatform } from "@hooklatch/mock-sender/chip";
import type { ChipMockPlatform, ChipMockPlatformOptions } from "@hooklatch/mock-sender/chip";
import { chip } from "@hooklatch/providers/chip";
import type { ChipEvents, ChipOptions } from "@hooklatch/providers/chip";
import { ensureWebhook } from "@hooklatch/providers/chip/manage";
import express from "express";
import { onTestFinished } from "vitest";

import { listen } from "./hosts.ts";

/** What an app does with an event. */
export type EventHandler = (event: WebhookEvent) => unknown;

/** Starts a CHIP of our own for the length of one test. */
export async function startPlatform(options?: ChipMockPlatformOptions): Promise<ChipMockPlatform> {
  const platform = await createMockPlatform(options);
  onTestFinished(() => platform.close());
  return platform;
}

/** Starts an Express app whose receiver is there once its keys are: as in life, the address comes first. */
export async function startApp(platform: ChipMockPlatform) {
  const app = express();
  const running = await listen(app);
  onTestFinished(() => running.close());
  return {
    url: running.url,
    receive(options: ChipOptions, handler: EventHandler) {
      const { clock } = platform;
      const payments = createReceiver<ChipEvents>({ provider: chip(options), clock, onOutcome: () => undefined });
      payments.on("*", (event) => handler(event));
      app.post("/hook", toExpress(payments));
    },
  };
}

/** Starts a platform and an app that it delivers all events to. */
export async function startPlatformAndApp(handler: EventHandler) {
  const platform = await startPlatform();
  const app = await startApp(platform);
  const access = { token: platform.tokens.test, baseUrl: platform.url };
  const { keys, webhook } = await ensureWebhook({ ...access, callback: app.url, allEvents: true });
  app.receive(keys, handler);
  return { platform, app, access, webhook };
}
