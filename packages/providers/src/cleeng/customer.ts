import type { CleengPayload } from "./payload.ts";

/** A customer who signed up. */
export interface RegisteredCustomer extends CleengPayload {
  readonly customerId: number;
  readonly customerEmail: string;
  /** Your own id of the customer, where you gave one. */
  readonly customerExternalId?: string | null;
}

/** A consent that a customer gave or took back. Which of the two is not said: ask Cleeng's API. */
export interface ConsentUpdate extends CleengPayload {
  readonly customerId: number;
  readonly customerEmail: string;
  readonly consentName: string;
}
