import { createHmac, randomBytes } from "node:crypto";

import type { BodyObject, Delivery } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { inplayer, inplayerEventTypes } from "@hooklatch/providers/inplayer";
import type { InPlayerEvents, InPlayerEventType } from "@hooklatch/providers/inplayer";

import type { MockMoment, MockPlatform } from "../mock-platform.ts";
import { inplayerForm } from "./fixtures/inplayer-fixtures.ts";
import { toPhpQuery } from "./php-query.ts";
import { toWireForm } from "./wire-form.ts";
import type { LoosePayload } from "./wire-form.ts";

/** What an app that receives from InPlayer is configured with. */
export interface InPlayerCredentials {
  /** The API secret: the value of `INPLAYER_API_SECRET`. */
  readonly secret: string;
}

/** How InPlayer is mocked. */
export interface InPlayerMockOptions {
  /** The API secret to sign with, for an app whose secret is fixed. Default: a new one. */
  readonly secret?: string;
  /**
   * When the same event is sent: milliseconds after the first attempt, ascending, the first one 0. InPlayer does not say
   * when it does. Default: 0, then after 1, 5 and 30 minutes, 2, 8 and 24 hours.
   */
  readonly attemptsDueMs?: readonly number[];
}

const [minuteMs, hourMs] = [60_000, 3_600_000];

const defaultDueMs = [0, minuteMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 8 * hourMs, 24 * hourMs];

/**
 * InPlayer's webhooks with a secret of their own: `createMockSender(inplayerMock())`.
 *
 * A payload holds each value twice. Override the converted one (`{ resource: { amount: 5 } }`), and it is written as text;
 * or override the text (`{ form: { resource: { amount: "five" } } }`), which is sent as it is. `misfits` follow from the
 * form, whatever they are set to.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` when `secret` is blank, `ERR_OPTION_INVALID` for `attemptsDueMs`
 */
export function inplayerMock(options: InPlayerMockOptions = {}): MockPlatform<InPlayerEvents, InPlayerCredentials> {
  const { secret = randomBytes(32).toString("hex"), attemptsDueMs = defaultDueMs } = options;
  assertSchedule(attemptsDueMs);
  const provider = inplayer({ secrets: secret });
  const foreignSecret = randomBytes(32).toString("hex");

  /** The provider itself converts the form, so that a fixture is what a handler is given. */
  function fixture<Type extends InPlayerEventType>(type: Type, moment: MockMoment): InPlayerEvents[Type] {
    const { payload } = provider.describe(inplayerForm(type, moment), nowhere);
    // What the provider makes of this type's form is what its event map says of the type.
    return payload as InPlayerEvents[Type];
  }

  return {
    name: "inplayer",
    provider,
    credentials: { secret },
    types: inplayerEventTypes,
    attemptsDueMs,
    fixture,
    encode({ type, payload, moment }) {
      // Payloads are objects; what is in them is looked at.
      const given = payload as LoosePayload;
      const usual = inplayerEventTypes.find((known) => known === type);
      const form = toWireForm(given, usual === undefined ? {} : { ...fixture(usual, moment) });
      const parsed: BodyObject = form;
      return { contentType: "application/x-www-form-urlencoded", bytes: Buffer.from(toPhpQuery(form)), parsed };
    },
    sign(request, { key }) {
      const digest = createHmac("sha256", key === "own" ? secret : foreignSecret)
        .update(request.body)
        .digest("hex");
      const headers = { "user-agent": "InPlayer/WHS-2.0", "x-inplayer-signature": `sha256=${digest}` };
      return { ...request, headers: { ...request.headers, ...headers } };
    },
  };
}

/** The provider reads nothing but the form. */
const nowhere: Delivery = {
  method: "POST",
  url: "/",
  receivedAtMs: 0,
  body: new Uint8Array(),
  header: () => undefined,
};

function assertSchedule(dueMs: readonly number[]): void {
  const isAscending = dueMs.every((due, index) => (index === 0 ? due === 0 : due > (dueMs[index - 1] ?? due)));
  if (dueMs.length > 0 && isAscending) return;
  throw new ConfigError("ERR_OPTION_INVALID", "The option attemptsDueMs must start with 0 and ascend.");
}
