/** The payer of a purchase, or the recipient of a payout. Text that was not given is the empty string. */
export interface ClientDetails {
  readonly email: string;
  readonly phone: string;
  readonly full_name: string;
  /** Sent with payments only. */
  readonly first_name?: string;
  /** Sent with payments only. */
  readonly last_name?: string;
  readonly personal_code: string;
  readonly legal_name: string;
  readonly brand_name: string;
  readonly registration_number: string;
  readonly tax_number: string;
  readonly client_type: string | null;
  /** Sent with payments only; the id of the stored client, if there is one. */
  readonly client_id?: string | null;
  readonly bank_account: string;
  readonly bank_code: string;
  readonly street_address: string;
  readonly city: string;
  readonly zip_code: string;
  readonly state: string;
  /** ISO 3166-1, two letters. */
  readonly country: string;
  readonly shipping_street_address: string;
  readonly shipping_city: string;
  readonly shipping_zip_code: string;
  readonly shipping_state: string;
  readonly shipping_country: string;
  /** Mail addresses that get a copy. */
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly delivery_methods: readonly DeliveryMethod[];
}

/** A way in which CHIP sends receipts and invoices to the payer. */
export interface DeliveryMethod {
  /** Such as `email`. */
  readonly method: string;
  readonly options: Readonly<Record<string, unknown>>;
}
