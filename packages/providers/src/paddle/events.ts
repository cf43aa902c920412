/** Every event type of Paddle Billing that is known. */
export const paddleEventTypes = [
  "address.created",
  "address.updated",
  "address.imported",
  "adjustment.created",
  "adjustment.updated",
  "api_key.created",
  "api_key.updated",
  "api_key.expiring",
  "api_key.expired",
  "api_key.revoked",
  "api_key_exposure.created",
  "business.created",
  "business.updated",
  "business.imported",
  "client_token.created",
  "client_token.updated",
  "client_token.revoked",
  "customer.created",
  "customer.updated",
  "customer.imported",
  "discount.created",
  "discount.updated",
  "discount.imported",
  "discount_group.created",
  "discount_group.updated",
  "payment_method.saved",
  "payment_method.deleted",
  "payout.created",
  "payout.paid",
  "price.created",
  "price.updated",
  "price.imported",
  "product.created",
  "product.updated",
  "product.imported",
  "report.created",
  "report.updated",
  "subscription.activated",
  "subscription.canceled",
  "subscription.created",
  "subscription.imported",
  "subscription.past_due",
  "subscription.paused",
  "subscription.resumed",
  "subscription.trialing",
  "subscription.updated",
  "transaction.billed",
  "transaction.canceled",
  "transaction.completed",
  "transaction.created",
  "transaction.paid",
  "transaction.past_due",
  "transaction.payment_failed",
  "transaction.ready",
  "transaction.revised",
  "transaction.updated",
] as const;

/** The name of an event that Paddle sends. */
export type PaddleEventType = keyof PaddleEvents;

/**
 * The event map of Paddle Billing: what each event carries, which is the whole signed notification.
 *
 * Paddle's own package has types for its classes, not for what is sent. So the names are known here and of `data` only
 * what its entities have in common; give a schema for the events you use. For an event that Paddle added since, extend
 * this interface by declaration merging.
 */
export interface PaddleEvents extends PaddleEventMap {}

type PaddleEventMap = {
  readonly [Type in (typeof paddleEventTypes)[number]]: PaddleNotification<Type>;
};

/** A notification as it is sent. All of it is signed. */
export interface PaddleNotification<Type extends string = string> {
  /** `evt_…`; the id of the event over every attempt and every destination. */
  readonly event_id: string;
  readonly event_type: Type;
  /** RFC 3339, in microseconds. */
  readonly occurred_at: string;
  /** `ntf_…`; one for each destination. */
  readonly notification_id?: string;
  /** The entity as it is now, with the fields that Paddle's API gives it. */
  readonly data: PaddleEntity;
}

/** A transaction, a subscription, a customer or any other entity of Paddle. */
export interface PaddleEntity {
  /** With a prefix that tells what it is: `txn_…`, `sub_…`, `ctm_…`. */
  readonly id: string;
  readonly status?: string;
  /** What you stored with it. */
  readonly custom_data?: Readonly<Record<string, unknown>> | null;
  readonly [field: string]: unknown;
}
