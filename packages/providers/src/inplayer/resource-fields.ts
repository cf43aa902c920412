import type { Fields } from "./field-kinds.ts";

/** `…failed`: an operation that did not succeed. */
const failedOperation = {
  account_id: "integer",
  code: "integer",
  explain: "text",
  extras: "text",
  message: "text",
} as const satisfies Fields;

const money = {
  amount: "decimal",
  code: "integer",
  currency_iso: "text",
  customer_id: "integer",
  description: "text",
  email: "text",
  formatted_amount: "text",
  status: "text",
  timestamp: "integer",
  transaction: "text",
} as const satisfies Fields;

/** A payment for an asset, or a change of a subscription to one. */
const sale = {
  ...money,
  access_fee_id: "integer",
  item_id: "integer",
  previewTitle: "text",
} as const satisfies Fields;

/** A payment that may be followed by others. */
const recurringSale = {
  ...sale,
  next_rebill_date: "integer",
  payment_method: "text",
} as const satisfies Fields;

/** A payment by card. */
const cardSale = { ...sale, referrer: "text" } as const satisfies Fields;

/** Money that was given back. */
const refund = { ...money, is_partial: "boolean", note: "text" } as const satisfies Fields;

/** `external.subscribe.update.failed`: its published example is one of another event, so it may be of either form. */
const failedUpdate = { ...failedOperation, ...sale } as const satisfies Fields;

/** `freemium.grant.success`: there is no published example. These are names and kinds of its neighbours. */
const freemiumGrant = {
  access_fee_id: "integer",
  code: "integer",
  customer_id: "integer",
  description: "text",
  email: "text",
  item_id: "integer",
  previewTitle: "text",
  status: "text",
  timestamp: "integer",
  transaction: "text",
} as const satisfies Fields;

/** A customer's access to an asset. */
const access = {
  ItemType: "text",
  access_fee_id: "integer",
  consumer_email: "text",
  consumer_id: "integer",
  created_at: "integer",
  date: "text",
  expires_at: "integer",
  extended: "boolean",
  is_trial: "boolean",
  item_access_id: "integer",
  item_id: "integer",
  item_title: "text",
  merchant_id: "integer",
  original_expires_at: "integer",
  parent_resource_id: "text",
  payment_method: "text",
  payment_tool: "text",
  purchased_access_fee_description: "text",
  purchased_access_fee_id: "integer",
  purchased_access_fee_type: "text",
  purchased_amount: "decimal",
  purchased_currency_iso: "text",
  revoked: "boolean",
  starts_at: "integer",
  type: "text",
  voucher_code: "text",
} as const satisfies Fields;

/** A customer's account. */
const customer = {
  active: "boolean",
  completed: "boolean",
  created_at: "integer",
  date_of_birth: "integer",
  email: "text",
  full_name: "text",
  id: "integer",
  merchant_id: "integer",
  merchant_uuid: "text",
  referrer: "text",
  updated_at: "integer",
  username: "text",
  uuid: "text",
} as const satisfies Fields;

/** A customer's new password. */
const passwordUpdate = {
  customer_id: "integer",
  email: "text",
  merchant_id: "integer",
  timestamp: "integer",
} as const satisfies Fields;

/** The fields of each resource, by its name. */
export const resourceFields = {
  failedOperation,
  sale,
  recurringSale,
  cardSale,
  refund,
  failedUpdate,
  freemiumGrant,
  access,
  customer,
  passwordUpdate,
} as const satisfies Readonly<Record<string, Fields>>;
