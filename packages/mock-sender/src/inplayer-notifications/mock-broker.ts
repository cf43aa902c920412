import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

import { Aedes } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";
import type { WebSocket } from "ws";

/** An MQTT broker behind a WebSocket: customers may listen to one topic, and say nothing. */
export class MockBroker {
  readonly #broker: Aedes;
  readonly #server = new WebSocketServer({ noServer: true, handleProtocols: () => "mqtt" });
  readonly #sockets = new Set<WebSocket>();
  readonly #topic: string;
  readonly #listening = new Set<unknown>();

  private constructor(broker: Aedes, topic: string) {
    this.#broker = broker;
    this.#topic = topic;
    broker.authorizePublish = (_client, _packet, done) => done(new Error("Customers say nothing."));
    broker.authorizeSubscribe = (_client, subscription, done) =>
      done(null, subscription.topic === topic ? subscription : null);
    broker.on("subscribe", (subscriptions, client) => {
      if (subscriptions.some((subscription) => subscription.topic === topic)) this.#listening.add(client);
    });
    broker.on("unsubscribe", (_topics, client) => void this.#listening.delete(client));
    broker.on("clientDisconnect", (client) => void this.#listening.delete(client));
  }

  static async start(topic: string): Promise<MockBroker> {
    return new MockBroker(await Aedes.createBroker(), topic);
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Takes a connection whose signature was checked. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      this.#sockets.add(opened);
      opened.once("close", () => this.#sockets.delete(opened));
      const stream = createWebSocketStream(opened);
      stream.on("error", () => stream.destroy());
      this.#broker.handle(stream, request);
    });
  }

  /** Answers with how many connections it went to. */
  async publish(bytes: Uint8Array): Promise<number> {
    const listening = this.#listening.size;
    const packet = { cmd: "publish", qos: 0, dup: false, retain: false, topic: this.#topic } as const;
    await new Promise<void>((resolve, reject) => {
      this.#broker.publish({ ...packet, payload: Buffer.from(bytes) }, (error) => {
        if (error === undefined || error === null) resolve();
        else reject(error);
      });
    });
    return listening;
  }

  /** Sends bytes that are no MQTT. */
  sendRaw(bytes: Uint8Array): void {
    for (const socket of this.#sockets) socket.send(bytes);
  }

  /** Ends every connection without a goodbye. */
  async cut(): Promise<void> {
    await Promise.all(
      [...this.#sockets].map(async (socket) => {
        const closed = new Promise((resolve) => socket.once("close", resolve));
        socket.terminate();
        await closed;
      }),
    );
  }

  async close(): Promise<void> {
    await this.cut();
    await new Promise<void>((resolve) => this.#broker.close(resolve));
    this.#server.close();
  }
}
