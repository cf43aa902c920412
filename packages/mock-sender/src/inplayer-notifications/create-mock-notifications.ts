import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

import { systemClock } from "@hooklatch/core";
import type { Clock } from "@hooklatch/core";
import { inplayerNotificationTypes } from "@hooklatch/providers/inplayer-notifications";
import type { InPlayerNotificationType } from "@hooklatch/providers/inplayer-notifications";

import type { DeepPartial } from "../deep-partial.ts";
import { mergeDeep } from "../merge-deep.ts";
import { createMoments } from "../moments.ts";
import { CredentialsDesk } from "./credentials-desk.ts";
import { MockBroker } from "./mock-broker.ts";
import { notificationFixture } from "./notification-fixtures.ts";
import type { MockNotificationMessage } from "./notification-fixtures.ts";
import { refusalOf } from "./verify-signed-url.ts";

/** InPlayer's notifications on 127.0.0.1: the desk that lends credentials, and the broker. */
export interface MockNotifications {
  /** What an app is configured with: `connectNotifications({ ...mock.credentials, receiver })`. */
  readonly credentials: MockNotificationsCredentials;
  readonly types: readonly InPlayerNotificationType[];
  /** How many connections there are now. */
  readonly connections: number;
  /** How often credentials were asked for. */
  readonly credentialsAsked: number;
  /** Why connections were refused, one line each. */
  readonly refusals: readonly string[];
  /** Sends one message. `undefined` in the overrides removes a field. */
  publish<Type extends InPlayerNotificationType>(
    type: Type,
    overrides?: DeepPartial<MockNotificationMessage<Type>>,
  ): Promise<PublishedNotification>;
  /** Sends one message twice. */
  duplicate<Type extends InPlayerNotificationType>(
    type: Type,
    overrides?: DeepPartial<MockNotificationMessage<Type>>,
  ): Promise<PublishedNotification>;
  /** Sends a message of any bytes. */
  publishBytes(bytes: Uint8Array | string): Promise<PublishedNotification>;
  /** Sends bytes over every connection that are no MQTT. */
  sendGarbage(): void;
  /** Ends every connection without a goodbye. Ends when they are gone. */
  cut(): Promise<void>;
  /** From now on nothing that was lent is good, and connections made with it are cut. */
  expireCredentials(): Promise<void>;
  /** Refuses the next connections with 403, whatever their signature is. */
  refuseSignatures(times: number): void;
  /** Answers the next requests for credentials with a status. */
  failCredentials(times: number, status?: number): void;
  /** From now on the access token is refused with 401. */
  revokeToken(): void;
  /** Ends everything and frees the port. */
  close(): Promise<void>;
}

/** What a customer's connection is made with. */
export interface MockNotificationsCredentials {
  readonly accessToken: string;
  readonly accountUuid: string;
  readonly environment: { readonly credentialsUrl: string; readonly brokerUrl: string };
}

/** How the mock is made. */
export interface MockNotificationsOptions {
  /** Default: one of its own. */
  readonly accountUuid?: string;
  /** For how long credentials are lent, in milliseconds. Default: 30 minutes. */
  readonly lifetimeMs?: number;
  /**
   * Its time. Give the same to the connection to test what becomes of credentials that expire. Default: the machine's.
   */
  readonly clock?: Clock;
  /** As of `createMockSender`: with it and a clock of a fixed start, every run makes the same messages. */
  readonly seed?: string;
}

/** What was sent. */
export interface PublishedNotification {
  readonly bytes: Uint8Array;
  /** How many connections listened. A message that none listens to is lost. */
  readonly connections: number;
}

/**
 * Starts InPlayer's notifications for tests. MUST be closed.
 *
 * @example
 *   const mock = await createMockNotifications();
 *   const connection = connectNotifications({ ...mock.credentials, receiver });
 *   await connection.ready;
 *   await mock.publish("payment.card.success", { resource: { amount: "5.00" } });
 */
export async function createMockNotifications(options: MockNotificationsOptions = {}): Promise<MockNotifications> {
  const { clock = systemClock, lifetimeMs = 30 * 60_000 } = options;
  const nextMoment = createMoments(clock, options.seed);
  const accountUuid = options.accountUuid ?? nextMoment().uuid("account");
  const desk = new CredentialsDesk(clock, lifetimeMs);
  const broker = await MockBroker.start(accountUuid);
  const refusals: string[] = [];
  let toRefuse = 0;

  function refusal({ url = "", headers }: IncomingMessage): string | undefined {
    if (toRefuse > 0) {
      toRefuse--;
      return "the next connections were to be refused";
    }
    if (!url.startsWith("/mqtt?")) return "another path";
    const find = (accessKey: string) => desk.find(accessKey);
    return refusalOf({ url, host: headers.host ?? "", nowMs: clock.nowMs(), find });
  }

  const server = createServer((request, response) => desk.answer(request, response));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const why = refusal(request);
    if (why === undefined) {
      broker.accept(request, socket, head);
      return;
    }
    refusals.push(why);
    // Node leaves such a socket without one who listens: a client that is gone by now would end the process.
    socket.on("error", () => socket.destroy());
    socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" ? address?.port : undefined}`;

  function build(type: InPlayerNotificationType, overrides: unknown = {}): Uint8Array {
    return Buffer.from(JSON.stringify(mergeDeep(notificationFixture(type, nextMoment()), overrides)));
  }

  async function publishBytes(bytes: Uint8Array | string): Promise<PublishedNotification> {
    const buffer = Buffer.from(bytes);
    return { bytes: buffer, connections: await broker.publish(buffer) };
  }

  return {
    credentials: {
      accessToken: desk.accessToken,
      accountUuid,
      environment: { credentialsUrl: `http://${host}/iot/keys`, brokerUrl: `ws://${host}/mqtt` },
    },
    types: inplayerNotificationTypes,
    refusals,
    get connections() {
      return broker.connections;
    },
    get credentialsAsked() {
      return desk.asked;
    },
    publish: async (type, overrides) => publishBytes(build(type, overrides)),
    async duplicate(type, overrides) {
      const bytes = build(type, overrides);
      await publishBytes(bytes);
      return publishBytes(bytes);
    },
    publishBytes,
    sendGarbage: () => broker.sendRaw(Buffer.from("hello, this is no MQTT at all")),
    cut: async () => broker.cut(),
    async expireCredentials() {
      desk.expireAll();
      await broker.cut();
    },
    refuseSignatures(times) {
      toRefuse = times;
    },
    failCredentials(times, status = 503) {
      desk.fault = { status, times };
    },
    revokeToken() {
      desk.isRevoked = true;
    },
    async close() {
      await broker.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
