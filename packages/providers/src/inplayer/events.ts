import type { InPlayerPayload } from "./payload.ts";
import type { Resources } from "./resources.ts";

/** Which resource each event is about. The event map, the list of types and the conversion are all made of this. */
export const eventResources = {
  "freemium.grant.success": "freemiumGrant",
  "freemium.grant.failed": "failedOperation",
  "payment.card.success": "cardSale",
  "payment.card.failed": "failedOperation",
  "payment.refund.success": "refund",
  "payment.refund.failed": "failedOperation",
  "subscribe.success": "recurringSale",
  "subscribe.failed": "failedOperation",
  "subscribe.cancelled.success": "sale",
  "subscribe.cancelled.failed": "failedOperation",
  "subscribe.updated": "sale",
  "subscribe.expired": "sale",
  "external.payment.success": "recurringSale",
  "external.payment.failed": "failedOperation",
  "external.payment.refund.success": "sale",
  "external.payment.refund.failed": "failedOperation",
  "external.subscribe.success": "recurringSale",
  "external.subscribe.failed": "failedOperation",
  "external.subscribe.update.success": "recurringSale",
  "external.subscribe.update.failed": "failedUpdate",
  "external.subscribe.cancel.success": "sale",
  "external.subscribe.cancel.failed": "failedOperation",
  "asset.access.granted": "access",
  "asset.access.revoked": "access",
  "customer.registered": "customer",
  "customer.updated": "customer",
  "customer.password.updated": "passwordUpdate",
} as const satisfies Readonly<Record<string, keyof Resources>>;

type KnownEvents = {
  readonly [Type in keyof typeof eventResources]: InPlayerPayload<Type, Resources[(typeof eventResources)[Type]]>;
};

/**
 * The event map of InPlayer's webhooks: what each event carries.
 *
 * For an event or a field that InPlayer added since, extend this interface or the resource's by declaration merging. What
 * is added in this way stays text.
 */
export interface InPlayerEvents extends KnownEvents {}

/** The name of an event that InPlayer sends. */
export type InPlayerEventType = keyof typeof eventResources;

/** Every event type InPlayer documents. */
export const inplayerEventTypes =
  // The object has these keys and no others.
  Object.keys(eventResources) as readonly InPlayerEventType[];
