import type { InPlayerNotification } from "./payload.ts";
import type {
  AccessGrant,
  AccessLoss,
  AccountChange,
  Cancellation,
  FailedPayment,
  Payment,
  RequiredAction,
} from "./resources.ts";

interface Resources {
  readonly "payment.card.success": Payment;
  readonly "payment.card.failed": FailedPayment;
  readonly "payment.card.requires.action": RequiredAction;
  readonly "external.payment.success": Payment;
  readonly "external.payment.failed": FailedPayment;
  readonly "subscribe.success": Payment;
  readonly "subscribe.failed": FailedPayment;
  readonly "subscribe.requires.action": RequiredAction;
  readonly "subscribe.cancelled.success": Cancellation;
  readonly "external.subscribe.cancel.success": Cancellation;
  readonly "access.granted": AccessGrant;
  readonly "access.revoked": AccessLoss;
  readonly "account.logout": AccountChange;
  readonly "account.erased": AccountChange;
  readonly "account.deactivated": AccountChange;
}

type KnownEvents = { readonly [Type in keyof Resources]: InPlayerNotification<Type, Resources[Type]> };

/**
 * The event map of InPlayer's client notifications: what each carries. For an event that InPlayer added since, extend this
 * interface by declaration merging.
 */
export interface InPlayerNotificationEvents extends KnownEvents {}

/** The name of a notification that InPlayer sends. */
export type InPlayerNotificationType = keyof InPlayerNotificationEvents;

/** Every type that InPlayer documents or that its own clients know. */
export const inplayerNotificationTypes = [
  "payment.card.success",
  "payment.card.failed",
  "payment.card.requires.action",
  "external.payment.success",
  "external.payment.failed",
  "subscribe.success",
  "subscribe.failed",
  "subscribe.requires.action",
  "subscribe.cancelled.success",
  "external.subscribe.cancel.success",
  "access.granted",
  "access.revoked",
  "account.logout",
  "account.erased",
  "account.deactivated",
] as const satisfies readonly InPlayerNotificationType[];
