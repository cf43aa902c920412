export { chip } from "./chip.ts";
export type { ChipCompanyKey, ChipKey, ChipOptions } from "./chip.ts";
export type { ChipApiOptions } from "./api-options.ts";
export type { Fetch, FetchAnswer, FetchRequest } from "../fetch.ts";
export { chipEventTypes } from "./events.ts";
export type { ChipEvents, ChipEventType } from "./events.ts";
export type { BillingTemplateClient, CancelledBillingTemplateClient } from "./billing-template-client.ts";
export type { ChipObject, OpenWord } from "./chip-object.ts";
export type { ClientDetails, DeliveryMethod } from "./client-details.ts";
export type { Payment, RelatedObject } from "./payment.ts";
export type { CurrencyConversion, PaymentDetails } from "./payment-details.ts";
export type { Payout, PayoutIn, PayoutStatus, PayoutStatusChange } from "./payout.ts";
export type {
  PaidPurchase,
  Purchase,
  PurchaseIn,
  PurchaseStatus,
  PurchaseStatusChange,
  RefundAvailability,
  SubscriptionPurchase,
} from "./purchase.ts";
export type { BankAccount, IssuerDetails, Product, PurchaseDetails } from "./purchase-details.ts";
export type { TransactionAttempt, TransactionData, TransactionError, TransactionExtra } from "./transaction-data.ts";
