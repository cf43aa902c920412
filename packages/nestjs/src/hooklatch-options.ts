import type { Handler, HandlerOptions, Receiver, WebhookEvent } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

/** What {@link HooklatchModule} is given. */
export interface HooklatchOptions {
  readonly receivers: readonly ReceiverMount[];
}

/** A receiver and where its deliveries come in. */
export interface ReceiverMount {
  /**
   * The whole path as senders call it, such as `/webhooks/chip`; compared character by character. No global prefix, no
   * version and no pattern applies to it.
   */
  readonly path: string;
  readonly receiver: NestReceiver;
  /** What `OnWebhook` calls the receiver where its object is not at hand, as with `forRootAsync`. */
  readonly name?: string;
}

/** What the module needs of a receiver, whatever its events are, and whatever its handlers write with. */
export interface NestReceiver extends Pick<Receiver, "receive" | "close"> {
  on(pattern: string, options: HandlerOptions, handler: Handler<WebhookEvent, unknown>): unknown;
}

/**
 * Checks the options when the app starts.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`, saying which mount is wrong
 */
export function assertHooklatchOptions(options: HooklatchOptions): void {
  if (!Array.isArray(options?.receivers)) throw invalid("receivers must be a list of { path, receiver }.");
  const mounts: readonly ReceiverMount[] = options.receivers;
  for (const { path, receiver } of mounts) {
    if (typeof path !== "string" || !/^\/[^?#]*$/.test(path)) {
      throw invalid('a path must start with "/" and have no query.');
    }
    if (typeof receiver?.receive !== "function") {
      throw invalid(`what is mounted at ${JSON.stringify(path)} is not a receiver; make one with createReceiver().`);
    }
  }
  const names = mounts.flatMap(({ name }) => name ?? []);
  if (names.length > new Set(names).size) throw invalid("two mounts have one name.");
  if (mounts.length > new Set(mounts.map(({ path }) => path)).size) throw invalid("two mounts have one path.");
}

function invalid(what: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", `HooklatchModule: ${what}`);
}
