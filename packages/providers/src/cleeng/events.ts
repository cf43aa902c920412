import type { ConsentUpdate, RegisteredCustomer } from "./customer.ts";
import type { InappPurchase } from "./inapp-purchase.ts";
import type { CreatedOffer, DeactivatedOffer, UpdatedOffer } from "./offer.ts";
import type { CreatedPass, Pass, PassExpirationChange } from "./pass.ts";
import type { UndocumentedPayload } from "./payload.ts";
import type { SubscriptionToAuthorise, SubscriptionToCapture } from "./subscription.ts";
import type { Transaction } from "./transaction.ts";

/**
 * The event map of Cleeng: what each topic carries.
 *
 * The list is open: other topics reach handlers for `*`. For a topic or a field that Cleeng added since, extend this
 * interface or the payload's by declaration merging.
 */
export interface CleengEvents {
  transactionCreated: Transaction;
  customerRegistered: RegisteredCustomer;
  customerRequestedPasswordReset: UndocumentedPayload;
  customerConsentUpdated: ConsentUpdate;
  offerCreated: CreatedOffer;
  offerUpdated: UpdatedOffer;
  offerDeactivated: DeactivatedOffer;
  offerPriceChanged: UpdatedOffer;
  subscriptionReadyForPaymentAuthorisation: SubscriptionToAuthorise;
  subscriptionReadyForPaymentCapture: SubscriptionToCapture;
  subscriptionReadyForTermination: UndocumentedPayload;
  subscriptionCreated: UndocumentedPayload;
  subscriptionTerminated: UndocumentedPayload;
  subscriptionRenewed: UndocumentedPayload;
  subscriptionSwitched: UndocumentedPayload;
  subscriptionCanceled: UndocumentedPayload;
  passCreated: CreatedPass;
  passExpirationChanged: PassExpirationChange;
  passTerminated: Pass;
  refundPayment: UndocumentedPayload;
  capturePayment: UndocumentedPayload;
  paymentDetailsDeactivated: UndocumentedPayload;
  inappPurchaseSyncResult: UndocumentedPayload;
  inappPurchaseValidationSucceeded: InappPurchase;
  inappPurchaseValidationFailed: UndocumentedPayload;
}

/** The name of a topic that Cleeng is known to send. */
export type CleengTopic = keyof CleengEvents;

/** Every topic that is known, in the order of {@link CleengEvents}. */
export const cleengTopics = [
  "transactionCreated",
  "customerRegistered",
  "customerRequestedPasswordReset",
  "customerConsentUpdated",
  "offerCreated",
  "offerUpdated",
  "offerDeactivated",
  "offerPriceChanged",
  "subscriptionReadyForPaymentAuthorisation",
  "subscriptionReadyForPaymentCapture",
  "subscriptionReadyForTermination",
  "subscriptionCreated",
  "subscriptionTerminated",
  "subscriptionRenewed",
  "subscriptionSwitched",
  "subscriptionCanceled",
  "passCreated",
  "passExpirationChanged",
  "passTerminated",
  "refundPayment",
  "capturePayment",
  "paymentDetailsDeactivated",
  "inappPurchaseSyncResult",
  "inappPurchaseValidationSucceeded",
  "inappPurchaseValidationFailed",
] as const satisfies readonly CleengTopic[];
