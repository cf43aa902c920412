import { createReceiver } from "@hooklatch/core";
import type { EventTypeOf } from "@hooklatch/core";
import { toExpress } from "@hooklatch/express";
import { createMockSender } from "@hooklatch/mock-sender";
import type { Fault, MockPlatform } from "@hooklatch/mock-sender";
import { chipSendMock } from "@hooklatch/mock-sender/chip-send";
import { cleengMock } from "@hooklatch/mock-sender/cleeng";
import { enderpayMock } from "@hooklatch/mock-sender/enderpay";
import { inplayerMock } from "@hooklatch/mock-sender/inplayer";
import type { Express } from "express";

import type { Scene } from "./scenes.ts";

/** A platform beside CHIP: a receiver of its own in the same app, and what the demo sends it. */
export interface OtherPlatform {
  mount(app: Express): void;
  /** @param origin where the app listens */
  scenes(origin: string): readonly Scene[];
  close(): Promise<void>;
}

/** The other founding platforms, each with its own way of proving itself. */
export const otherPlatforms: readonly OtherPlatform[] = [
  create(inplayerMock(), "form, HMAC in hex", "payment.card.success"),
  create(cleengMock(), "JSON, HMAC as configured", "subscriptionReadyForPaymentCapture"),
  create(chipSendMock(), "RSA with SHA-512", "send_instruction_status"),
  // Nothing is signed, so a changed byte cannot be seen; a wrong secret in the address can.
  create(enderpayMock(), "a secret in the address", "STORE_PACKAGE_INITIAL", { fault: "wrongKey" }),
];

function create<Events>(
  mock: MockPlatform<Events>,
  proof: string,
  type: EventTypeOf<Events>,
  { fault = "tampered" }: { readonly fault?: Fault } = {},
): OtherPlatform {
  const sender = createMockSender(mock);
  const receiver = createReceiver({ provider: sender.provider, onOutcome: () => {} }).on(type, () => {});
  const path = `/webhooks/${mock.name}`;
  const event = `${mock.name} ${type}`;
  return {
    mount: (app) => void app.use(path, toExpress(receiver)),
    scenes: (origin) => [
      {
        event,
        sent: `${proof}; twice`,
        expect: [200],
        play: async () => sender.duplicate(`${origin}${path}`, type),
      },
      {
        event,
        sent: fault === "tampered" ? "one byte changed on the way" : "with another secret",
        expect: [401],
        play: async () => [await sender.send(`${origin}${path}`, type, { fault })],
      },
    ],
    close: () => receiver.close(),
  };
}
