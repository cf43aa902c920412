import { ConfigError } from "@hooklatch/core/errors";

import { readApiOptions } from "../api-options.ts";
import type { ChipApiOptions } from "../api-options.ts";
import { companyKeyPath, readCompanyKey } from "../company-key.ts";
import { createSendRequest } from "./api-request.ts";
import type { ApiRequest } from "./api-request.ts";
import { ChipApiError } from "./chip-api-error.ts";
import { readWebhook } from "./chip-webhook.ts";
import type { ChipWebhook } from "./chip-webhook.ts";
import { listWebhooks } from "./list-webhooks.ts";
import { toWireChanges, toWireWebhook } from "./webhook-input.ts";
import type { ChipWebhookChanges, ChipWebhookInput } from "./webhook-input.ts";

/** What of CHIP Collect's API is about webhooks. Every call rejects with a `ChipApiError` when CHIP does not do it. */
export interface ChipApi {
  readonly webhooks: ChipWebhooks;
  /** The company's key, which signs success callbacks. Registered webhooks have keys of their own. */
  companyKey(): Promise<string>;
}

/**
 * The webhooks that the token's world, test or live, has.
 *
 * What is given is checked against CHIP's limits before it is sent: a `ConfigError` with `ERR_OPTION_INVALID`. Network
 * faults and 5xx are tried three times in all, `create` only when surely nothing was sent.
 */
export interface ChipWebhooks {
  /** All of them, however many pages there are. */
  list(): Promise<readonly ChipWebhook[]>;
  retrieve(id: string): Promise<ChipWebhook>;
  /** Makes one, even if there is one with the same callback. To have one for sure and never two, use `ensureWebhook`. */
  create(webhook: ChipWebhookInput): Promise<ChipWebhook>;
  /** Changes what is given and leaves the rest: a `PATCH`. */
  update(id: string, changes: ChipWebhookChanges): Promise<ChipWebhook>;
  /** Puts a whole webhook in its place: a `PUT`. The id stays. */
  replace(id: string, webhook: ChipWebhookInput): Promise<ChipWebhook>;
  delete(id: string): Promise<void>;
}

/**
 * Makes a client for CHIP Collect's webhook management.
 *
 * @example
 *   const { webhooks } = createChipApi({ token: process.env.CHIP_SECRET_KEY! });
 *   console.log(await webhooks.list());
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_OPTION_INVALID`
 */
export function createChipApi(options: ChipApiOptions): ChipApi {
  const access = readApiOptions(options);
  const send = createSendRequest(access);

  async function askForWebhook(request: ApiRequest): Promise<ChipWebhook> {
    const { status, value } = await send(request);
    const webhook = readWebhook(value);
    if (webhook !== undefined) return webhook;
    throw new ChipApiError(`${request.method} ${request.path}`, `was answered ${status}, but not with a webhook.`, {
      status,
      mayHaveSucceeded: request.method === "POST",
    });
  }

  return {
    webhooks: {
      list: async () => listWebhooks(send, access.baseUrl),
      retrieve: async (id) => askForWebhook({ method: "GET", path: pathOf(id) }),
      create: async (webhook) => askForWebhook({ method: "POST", path: "/webhooks/", body: toWireWebhook(webhook) }),
      update: async (id, changes) => askForWebhook({ method: "PATCH", path: pathOf(id), body: toWireChanges(changes) }),
      replace: async (id, webhook) => askForWebhook({ method: "PUT", path: pathOf(id), body: toWireWebhook(webhook) }),
      async delete(id) {
        await send({ method: "DELETE", path: pathOf(id) });
      },
    },
    async companyKey() {
      const key = readCompanyKey((await send({ method: "GET", path: companyKeyPath })).value);
      if (key !== undefined) return key;
      throw new ChipApiError(`GET ${companyKeyPath}`, "was not answered with a JSON string that holds a PEM.", {
        status: 200,
      });
    },
  };
}

/** An id with a slash or dots in it would lead to another path. */
function pathOf(id: unknown): string {
  if (typeof id === "string" && /^[\w-]{1,100}$/.test(id)) return `/webhooks/${id}/`;
  throw new ConfigError("ERR_OPTION_INVALID", "The id is not that of a webhook: letters, digits and hyphens.");
}
