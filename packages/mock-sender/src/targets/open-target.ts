import type { Server } from "node:http";

import { ConfigError } from "@hooklatch/core/errors";

import { openFetch } from "./fetch-target.ts";
import { openListener, openServer } from "./node-target.ts";
import { openReceiver } from "./receiver-target.ts";
import type { FetchFunction, FetchTarget, NodeListener, OpenTarget, ReceiverTarget, Target } from "./target.ts";
import { openUrl } from "./url-target.ts";

/**
 * Makes a target ready for deliveries. The caller MUST close it.
 *
 * @param usualPath where deliveries go on a target that is no address
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it is none of the kinds in {@link Target}
 */
export async function openTarget(target: Target, usualPath: string): Promise<OpenTarget> {
  if (isAddress(target)) return openUrl(target);
  if (isReceiver(target)) return openReceiver(target, usualPath);
  if (isFetchTarget(target)) return openFetch(target, usualPath);
  if (isNodeListener(target)) return openListener(target, usualPath);
  if (isFetchFunction(target)) return openFetch({ fetch: target }, usualPath);
  if (isServer(target)) return openServer(target, usualPath);
  throw new ConfigError("ERR_OPTION_INVALID", `A target cannot be ${describeTarget(target)}.`, {
    help: "Give a receiver, an http address, a Node request listener or server, or something with a fetch method.",
  });
}

/** Whether a target brings its own path. */
export function isAddress(target: Target): target is string | URL {
  return typeof target === "string" || target instanceof URL;
}

function isReceiver(target: Target): target is ReceiverTarget {
  return hasMethod(target, "receive");
}

function isFetchTarget(target: Target): target is FetchTarget {
  return hasMethod(target, "fetch");
}

function isServer(target: Target): target is Server {
  return hasMethod(target, "listen") && hasMethod(target, "address");
}

function isNodeListener(target: unknown): target is NodeListener {
  // An Express app has three: the request, the response and what comes next.
  return typeof target === "function" && target.length >= 2;
}

function isFetchFunction(target: unknown): target is FetchFunction {
  return typeof target === "function";
}

function hasMethod(target: unknown, name: string): boolean {
  if ((typeof target !== "object" && typeof target !== "function") || target === null) return false;
  return typeof Reflect.get(target, name) === "function";
}

function describeTarget(target: unknown): string {
  if (target === null || target === undefined) return String(target);
  return typeof target === "object" ? "an object of another kind" : `a ${typeof target}`;
}
