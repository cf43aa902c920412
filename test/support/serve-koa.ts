import type Koa from "koa";
import { onTestFinished } from "vitest";

import { listen } from "./hosts.ts";

/** Serves a Koa app for the length of one test. Answers with a function that makes URLs of paths. */
export async function serveKoa(app: Pick<Koa, "callback" | "silent">): Promise<(path?: string) => string> {
  app.silent = true; // what is thrown on purpose is not to be printed
  const listener = app.callback();
  const running = await listen((request, response) => void listener(request, response));
  onTestFinished(() => running.close());
  return (path = "/hook") => new URL(path, running.url).href;
}
