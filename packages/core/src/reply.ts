import type { Diagnosis } from "./diagnosis.ts";
import type { Outcome, WebhookError } from "./errors.ts";
import type { WebhookEvent } from "./event.ts";

/** The HTTP answer to a delivery. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What `receive` answers: what became of the delivery, and what to tell the sender. */
export interface Result {
  readonly outcome: Outcome;
  readonly reply: Reply;
  /** Set once the delivery was verified and read. */
  readonly event?: WebhookEvent;
  /** How often the event has been tried, this time included. Set once it was claimed. */
  readonly attempt?: number;
  /** Set when the same event id came before with another body. The first one is kept. */
  readonly conflict?: true;
  /** Set for every outcome but `handled`, `duplicate` and `ignored`. For the operator, never for the sender. */
  readonly error?: WebhookError;
  /**
   * Finds out why the delivery was refused; set when the outcome is `rejected`. Costs up to some thirty verifications,
   * once, and nothing unless it is called. Never rejects. For the operator, never for the sender.
   */
  readonly explain?: () => Promise<Diagnosis>;
}
