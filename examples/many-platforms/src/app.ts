import { memoryStore } from "@hooklatch/core";
import { toExpress } from "@hooklatch/express";
import express from "express";
import type { Express } from "express";

import { createOutcomes } from "./outcomes.ts";
import { createReceivers } from "./receivers.ts";

/** An app that four platforms send to, each at a path of its own. */
export interface App {
  readonly app: Express;
  /** Lets running handlers end. The store that the receivers share is closed last. */
  readonly close: () => Promise<void>;
}

/** Builds the app from the secrets in an environment. */
export function createApp(env: Readonly<Record<string, string | undefined>>): App {
  const news: string[] = [];
  const store = memoryStore(); // of more than one process: a store that they share
  const outcomes = createOutcomes();
  const receivers = createReceivers({ env, store, onOutcome: outcomes.onOutcome, tell: (line) => news.push(line) });

  const app = express();
  for (const [name, receiver] of Object.entries(receivers)) app.post(`/webhooks/${name}`, toExpress(receiver));
  app.get("/news", (_request, response) => void response.json(news));
  app.get("/outcomes", (_request, response) => void response.json(outcomes.read()));
  return {
    app,
    async close() {
      await Promise.all(Object.values(receivers).map(async (receiver) => receiver.close()));
      await store.close();
    },
  };
}
