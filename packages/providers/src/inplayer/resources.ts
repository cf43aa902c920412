import type { ValuesOf } from "./field-kinds.ts";
import type { resourceFields } from "./resource-fields.ts";

type Fields = typeof resourceFields;

// Times are Unix seconds. Amounts are in the currency's main unit, with its decimals.

/** An operation that did not succeed: `message` and `explain` say why, `code` as an HTTP status. */
export interface FailedOperation extends ValuesOf<Fields["failedOperation"]> {}

/** A payment for an asset, or a change of a subscription to one. */
export interface Sale extends ValuesOf<Fields["sale"]> {}

/** A payment that may be followed by others. */
export interface RecurringSale extends Sale, ValuesOf<Fields["recurringSale"]> {}

/** A payment by card. */
export interface CardSale extends Sale, ValuesOf<Fields["cardSale"]> {}

/** Money that was given back. */
export interface Refund extends ValuesOf<Fields["refund"]> {}

/** A subscription that could not be changed. InPlayer publishes no example of it: the fields are inferred. */
export interface FailedUpdate extends FailedOperation, Sale, ValuesOf<Fields["failedUpdate"]> {}

/** Free access to an asset. InPlayer publishes no example of it: the fields are inferred. */
export interface FreemiumGrant extends ValuesOf<Fields["freemiumGrant"]> {}

/** A customer's access to an asset. */
export interface Access extends ValuesOf<Fields["access"]> {}

/** A customer's account. */
export interface Customer extends ValuesOf<Fields["customer"]> {}

/** A customer's new password. The password is not in it. */
export interface PasswordUpdate extends ValuesOf<Fields["passwordUpdate"]> {}

/** Each resource under the name of its fields. */
export interface Resources {
  readonly failedOperation: FailedOperation;
  readonly sale: Sale;
  readonly recurringSale: RecurringSale;
  readonly cardSale: CardSale;
  readonly refund: Refund;
  readonly failedUpdate: FailedUpdate;
  readonly freemiumGrant: FreemiumGrant;
  readonly access: Access;
  readonly customer: Customer;
  readonly passwordUpdate: PasswordUpdate;
}
