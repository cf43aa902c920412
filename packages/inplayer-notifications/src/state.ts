import type { WebhookError } from "@hooklatch/core/errors";

/** Where a connection stands. `reconnecting`: there was a connection, and there will be another. `closed` is final. */
export type ConnectionState = "connecting" | "connected" | "reconnecting" | "closed";

/** What is told of a connection's state. */
export interface StateChange {
  readonly state: ConnectionState;
  /**
   * Why there is no connection, or none with new credentials; for `closed`, why it was not closed by the app. Holds no
   * token and no signed address.
   */
  readonly reason?: WebhookError;
}

/** A message that came, was not handled, and will not come again. */
export interface LostNotification {
  /** `ERR_OVERLOADED` when there was no room to wait; else what the last attempt met. */
  readonly error: WebhookError;
  /** How often it was tried. */
  readonly attempts: number;
  /** Set once it was read. */
  readonly eventId?: string;
  readonly eventType?: string;
}
