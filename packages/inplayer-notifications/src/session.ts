import { randomBytes } from "node:crypto";

import { BackendError } from "@hooklatch/core/errors";
import { connect } from "mqtt";
import { WebSocket } from "ws";

/** One connection to the broker that is subscribed to its topic. */
export interface Session {
  /** Settles when the connection is over, with why if nobody here ended it. Never rejects. */
  readonly ended: Promise<BackendError | undefined>;
  /** Unsubscribes, and ends the connection in good order. Never rejects. */
  end(): Promise<void>;
  /** Ends the connection at once. */
  destroy(): void;
}

/** What a session is opened with. */
export interface SessionOptions {
  /** Without what signs it. Only this one is known to the MQTT client, which may log it. */
  readonly brokerUrl: string;
  readonly signedUrl: string;
  readonly topic: string;
  readonly onMessage: (bytes: Uint8Array) => void;
  readonly signal: AbortSignal;
}

const connectTimeoutMs = 10_000;
const subscribeTimeoutMs = 5_000;
const endTimeoutMs = 2_000;
/** AWS IoT's messages have 128 KiB at most, some of which may come in one frame. */
const maxFrameBytes = 4 * 1024 * 1024;

/**
 * Connects to the broker and subscribes. MQTT 3.1.1, QoS 0; one attempt: who calls this decides about another.
 *
 * @throws {BackendError} `ERR_CONNECTION_FAILED`
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { brokerUrl, signedUrl, topic, onMessage, signal } = options;
  let fault: unknown;
  let isEnding = false;
  let subscribing: NodeJS.Timeout | undefined;
  const subscribed = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<BackendError | undefined>();

  const client = connect(brokerUrl, {
    protocolVersion: 4,
    clientId: `hooklatch-${randomBytes(6).toString("hex")}`,
    clean: true,
    resubscribe: false,
    queueQoSZero: false,
    reconnectPeriod: 0,
    connectTimeout: connectTimeoutMs,
    // The shortest that AWS IoT allows: a line that went dead is noticed within 45 seconds.
    keepalive: 30,
    createWebsocket: (_url, protocols) =>
      // The client passes over errors without a code, such as a 403.
      new WebSocket(signedUrl, protocols, { maxPayload: maxFrameBytes, handshakeTimeout: connectTimeoutMs }).on(
        "error",
        (error) => (fault ??= error),
      ),
  });
  const destroy = (): void => {
    client.end(true);
    // A socket whose other side is gone has no more to say.
    client.stream.destroy();
  };

  client.on("error", (error) => {
    fault ??= error;
    destroy();
  });
  client.on("connect", () => {
    // The client waits for ever, and its pings are answered meanwhile.
    subscribing = setTimeout(() => {
      fault ??= new Late();
      destroy();
    }, subscribeTimeoutMs);
    client.subscribe(topic, { qos: 0 }, (error, granted) => {
      const isGranted = error === null && granted?.[0]?.qos !== 128;
      if (isGranted) {
        subscribed.resolve();
        return;
      }
      fault ??= new NotSubscribed();
      destroy();
    });
  });
  client.on("message", (_topic, payload) => onMessage(payload));
  client.on("close", () => {
    subscribed.reject(toError(fault, "could not be made"));
    ended.resolve(isEnding ? undefined : toError(fault, "was lost"));
  });
  signal.addEventListener("abort", destroy, { once: true });

  try {
    await subscribed.promise;
  } finally {
    clearTimeout(subscribing);
    signal.removeEventListener("abort", destroy);
  }
  return {
    ended: ended.promise,
    async end() {
      isEnding = true;
      const timer = setTimeout(destroy, endTimeoutMs);
      client.unsubscribe(topic, () => client.end());
      await ended.promise;
      clearTimeout(timer);
    },
    destroy() {
      isEnding = true;
      destroy();
    },
  };
}

class NotSubscribed extends Error {}
class Late extends Error {}

/** How the libraries say that nothing came in time. */
const lateMessages: ReadonlySet<string> = new Set([
  "connack timeout",
  "Keepalive timeout",
  "Opening handshake has timed out",
]);

/** Says what was met in words of our own: an error of a socket may quote the signed address. */
function toError(fault: unknown, what: "could not be made" | "was lost"): BackendError {
  const { met, help } = describeFault(fault);
  return new BackendError("ERR_CONNECTION_FAILED", `The connection to InPlayer's broker ${what}${met}.`, { help });
}

function describeFault(fault: unknown): { readonly met: string; readonly help: string } {
  const help = "It is tried again. What InPlayer sends until then is lost.";
  if (fault instanceof NotSubscribed) {
    return { met: ": it refused the topic", help: `Is accountUuid the account of the access token? ${help}` };
  }
  const message = fault instanceof Error ? fault.message : "";
  const status = /^Unexpected server response: (\d{3})$/.exec(message)?.[1];
  if (status === "403") {
    return { met: ": it refused the signature (403)", help: `Is the clock of this machine right? ${help}` };
  }
  if (status !== undefined) return { met: `: it answered ${status}`, help };
  if (fault instanceof Late || lateMessages.has(message)) return { met: ": it did not answer in time", help };
  const code: unknown = fault instanceof Error && "code" in fault ? fault.code : undefined;
  if (typeof code === "number") return { met: `: it refused the connection (${code})`, help };
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)) return { met: ` (${code})`, help };
  return { met: fault === undefined ? "" : ": what it sent is not MQTT", help };
}
