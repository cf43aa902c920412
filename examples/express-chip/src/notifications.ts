import { createReceiver } from "@hooklatch/core";
import { connectNotifications } from "@hooklatch/inplayer-notifications";
import { createMockNotifications } from "@hooklatch/mock-sender/inplayer-notifications";
import { inplayerNotifications } from "@hooklatch/providers/inplayer-notifications";

import type { Scene, Shown } from "./scenes.ts";

/** InPlayer's notifications, which come over a connection that the app opens. */
export interface Notifications {
  readonly scenes: readonly Scene[];
  close(): Promise<void>;
}

/** Connects to a mock InPlayer, and answers with what the demo has it send. */
export async function startNotifications(): Promise<Notifications> {
  const mock = await createMockNotifications();
  const outcomes: Shown[] = [];
  let tell = (): void => {};
  const receiver = createReceiver({
    provider: inplayerNotifications(),
    onOutcome({ outcome, code }) {
      outcomes.push({ status: undefined, outcome, code });
      tell();
    },
  });
  receiver.on("payment.card.success", () => {});
  const connection = connectNotifications({
    ...mock.credentials,
    receiver,
    maxConcurrent: 1, // so that the outcomes come in order
    onState: () => tell(),
  });
  await connection.ready;

  /** Waits until something is so, looking each time that something has changed. */
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise<void>((resolve) => (tell = resolve));
  };
  const next = async (count: number): Promise<readonly Shown[]> => {
    await until(() => outcomes.length >= count);
    return outcomes.splice(0, count);
  };

  return {
    scenes: [
      {
        event: "notification payment.card.success",
        sent: "over MQTT, no HTTP; twice",
        expect: ["duplicate", "handled"],
        async play() {
          await mock.duplicate("payment.card.success");
          return next(2);
        },
      },
      {
        event: "notification payment.card.success",
        sent: "after the connection was cut",
        expect: ["handled"],
        async play() {
          await mock.cut();
          await until(() => connection.state === "reconnecting");
          await until(() => connection.state === "connected");
          await mock.publish("payment.card.success");
          return next(1);
        },
      },
      {
        event: "notification payment.card.success",
        sent: "not JSON",
        expect: ["rejected"],
        async play() {
          await mock.publishBytes("not JSON");
          return next(1);
        },
      },
    ],
    async close() {
      await connection.close();
      await receiver.close();
      await mock.close();
    },
  };
}
