import type { Provider } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { hmac } from "@hooklatch/core/schemes";
import type { SignatureOptions } from "@hooklatch/core/schemes";

import { readWindow } from "../read-window.ts";
import { limitsOf, secretsOf } from "../secret-options.ts";
import type { SecretOptions } from "../secret-options.ts";
import { createDescribe } from "./describe.ts";
import type { CleengEvents } from "./events.ts";
import { readPinnedBroadcaster } from "./read-pinned-broadcaster.ts";

/** How the Cleeng provider is set up. */
export interface CleengOptions extends SecretOptions {
  /** How Cleeng writes the signature. It is not public, so there is no default. */
  readonly signature: CleengSignature;
  /** Takes the events of this publisher only. Default: those of any publisher who has the secret. */
  readonly broadcasterId?: number;
  /**
   * For how long the same body counts as the same event, in milliseconds, where nothing in it names the event. At most a
   * day. Default: 2 minutes.
   */
  readonly windowMs?: number;
}

/**
 * Where the signature stands, and how: its header, its encoding and what stands before it, as a real delivery has them.
 * What is signed (`content`) is taken to be the body alone.
 */
export type CleengSignature = Pick<SignatureOptions, "header" | "encoding" | "prefix" | "content">;

/**
 * Cleeng: webhooks about customers, offers, passes, subscriptions and payments, signed with HMAC-SHA256.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function cleeng(options: CleengOptions): Provider<CleengEvents> {
  const secrets = secretsOf(options, {
    variable: "CLEENG_WEBHOOK_SECRET",
    help: "It is the shared secret of the endpoint's verification; without one, Cleeng does not sign.",
  });
  return {
    name: "cleeng",
    scheme: hmac({ ...readSignature(options.signature), ...secrets }),
    body: "json",
    maxBodyBytes: 1024 * 1024,
    // How long an endpoint's retryPolicy can go on is not public.
    retryHorizonMs: 7 * 86_400_000,
    ...limitsOf(options),
    describe: createDescribe({
      broadcasterId: readPinnedBroadcaster(options),
      windowMs: readWindow("cleeng", options.windowMs),
    }),
  };
}

function readSignature(signature: CleengSignature | undefined): CleengSignature {
  const { header, encoding, prefix, content } = signature ?? {};
  if (typeof header !== "string" || header.trim() === "") throw unknownSignature("signature.header");
  if (encoding === undefined) throw unknownSignature("signature.encoding");
  return {
    header,
    encoding,
    ...(prefix === undefined ? {} : { prefix }),
    ...(content === undefined ? {} : { content }),
  };
}

function unknownSignature(missing: string): ConfigError {
  return new ConfigError(
    "ERR_OPTION_INVALID",
    `cleeng: ${missing} is missing. Cleeng does not publish how it writes its signature: look at the headers of a real ` +
      "delivery, or at the endpoint's settings in your Cleeng account or in its API.",
    { help: 'Then give signature: { header: "…", encoding: "hex" or "base64", prefix: "…" if there is one }.' },
  );
}
