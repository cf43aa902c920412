import { createHash } from "node:crypto";

import { defineProvider } from "@hooklatch/core";
import type { BodyObject, Provider } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";

import { readWindow } from "../read-window.ts";
import { limitsOf, secretsOf } from "../secret-options.ts";
import type { SecretHint, SecretOptions } from "../secret-options.ts";
import { readEventName } from "./event-name.ts";
import type { GitHubEvents } from "./events.ts";
import { readUnsigned } from "./unsigned.ts";

/** How the GitHub provider is set up. `secrets` are those of the webhook. */
export interface GitHubOptions extends SecretOptions {
  /**
   * For how long the same body counts as the same event where bodies hold neither a time nor an id of their own:
   * `repository_dispatch`, `workflow_dispatch`, and checks that are requested again. Default: 2 minutes.
   */
  readonly windowMs?: number;
}

/**
 * GitHub: webhooks of repositories, organizations and apps, as JSON or as a form, signed with HMAC-SHA256 over the body.
 *
 * @example
 *   const hooks = createReceiver({ provider: github({ secrets: process.env.GITHUB_WEBHOOK_SECRET! }) });
 *
 * @see https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function github(options: GitHubOptions): Provider<GitHubEvents> {
  const windowMs = readWindow("github", options.windowMs);
  return {
    ...defineProvider<GitHubEvents>({
      name: "github",
      scheme: hmac({
        ...secretsOf(options, hint),
        // X-Hub-Signature, with SHA-1, comes beside it and is never looked at.
        header: "x-hub-signature-256",
        encoding: "hex",
        prefix: "sha256=",
      }),
      contentTypes: ["application/json", "application/x-www-form-urlencoded"],
      jsonField: "payload",
      // The GUID of a delivery is not signed: with another one, a captured delivery would run again.
      id: (_body, delivery) => createHash("sha256").update(delivery.body).digest("hex"),
      type(body, delivery) {
        const name = readEventName(body, delivery);
        return typeof body["action"] === "string" ? `${name}.${body["action"]}` : name;
      },
      payload: (body, delivery) => ({ ...body, unsigned: readUnsigned(delivery) }),
      keepMs: (body) => (mayComeAgain(body) ? windowMs : undefined),
      maxBodyBytes: 25 * 1024 * 1024,
      // By hand an event can be sent again for 3 days, on an Enterprise Server for 7.
      retryHorizonMs: 7 * 86_400_000,
    }),
    ...limitsOf(options),
  };
}

/** Whether the next event of its kind may have the same bytes. Told by the signed body, not by the name in the header. */
function mayComeAgain(body: BodyObject): boolean {
  const isDispatch = Object.hasOwn(body, "client_payload") || (Object.hasOwn(body, "workflow") && "inputs" in body);
  return isDispatch || body["action"] === "rerequested";
}

const hint: SecretHint = {
  variable: "GITHUB_WEBHOOK_SECRET",
  help: "It is the text you entered as Secret when you made the webhook. GitHub signs nothing where it is empty.",
};
