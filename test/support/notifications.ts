import { createReceiver, memoryStore } from "@hooklatch/core";
import type { OutcomeReport, Receiver, ReceiverOptions } from "@hooklatch/core";
import { connectNotifications } from "@hooklatch/inplayer-notifications";
import type {
  ConnectionState,
  ConnectNotificationsOptions,
  LostNotification,
  NotificationsConnection,
  StateChange,
} from "@hooklatch/inplayer-notifications";
import { createMockNotifications } from "@hooklatch/mock-sender/inplayer-notifications";
import type { MockNotifications, MockNotificationsOptions } from "@hooklatch/mock-sender/inplayer-notifications";
import { inplayerNotifications } from "@hooklatch/providers/inplayer-notifications";
import type { InPlayerNotificationEvents } from "@hooklatch/providers/inplayer-notifications";
import { onTestFinished, vi } from "vitest";

/** How the parts of a test are set up. */
export interface NotificationsSetUp {
  readonly mock?: MockNotificationsOptions;
  readonly receiver?: Partial<ReceiverOptions<InPlayerNotificationEvents>>;
  readonly connection?: Partial<ConnectNotificationsOptions>;
}

/** A mock InPlayer, a receiver and the connection between them, for the length of one test. */
export interface NotificationsBench {
  readonly mock: MockNotifications;
  readonly receiver: Receiver<InPlayerNotificationEvents>;
  readonly connection: NotificationsConnection;
  readonly reports: readonly OutcomeReport[];
  readonly changes: readonly StateChange[];
  readonly lost: readonly LostNotification[];
  /** Waits until as many outcomes were reported. */
  readonly outcomes: (count: number) => Promise<readonly string[]>;
  /** Waits until the connection's state is this one. */
  readonly reached: (state: ConnectionState) => Promise<void>;
}

/** Waits for what comes over sockets. */
export const eventually = { timeout: 15_000, interval: 5 };

/** Starts everything. The connection is not awaited. */
export async function startNotifications(
  setUp: NotificationsSetUp = {},
  register: (receiver: Receiver<InPlayerNotificationEvents>) => void = (receiver) => void receiver.on("*", () => {}),
): Promise<NotificationsBench> {
  const mock = await createMockNotifications(setUp.mock);
  const reports: OutcomeReport[] = [];
  const changes: StateChange[] = [];
  const lost: LostNotification[] = [];
  const receiver = createReceiver({
    provider: inplayerNotifications(),
    store: memoryStore(),
    onOutcome: (report) => void reports.push(report),
    ...setUp.receiver,
  });
  register(receiver);
  const connection = connectNotifications({
    ...mock.credentials,
    receiver,
    onState: (change) => void changes.push(change),
    onLost: (message) => void lost.push(message),
    ...setUp.connection,
  });
  onTestFinished(async () => {
    await connection.close();
    await mock.close();
  });
  return {
    mock,
    receiver,
    connection,
    reports,
    changes,
    lost,
    async outcomes(count) {
      await vi.waitUntil(() => reports.length >= count, eventually);
      return reports.map(({ outcome, code }) => (code === undefined ? outcome : `${outcome} ${code}`));
    },
    async reached(state) {
      await vi.waitUntil(() => connection.state === state, eventually);
    },
  };
}
