/** What is bought. Amounts are integers in minor units (cents). */
export interface PurchaseDetails {
  readonly total: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly products: readonly Product[];
  readonly debt: number;
  readonly notes: string;
  /** ISO 639-1. */
  readonly language: string;
  /** An IANA name, such as `Asia/Kuala_Lumpur`. */
  readonly timezone: string;
  /** `true`: it cannot be paid after its due time. */
  readonly due_strict: boolean;
  readonly email_message: string;
  readonly total_override: number | null;
  readonly subtotal_override: number | null;
  readonly total_tax_override: number | null;
  readonly total_discount_override: number | null;
  readonly has_upsell_products: boolean;
  readonly shipping_options: readonly unknown[];
  readonly payment_method_details: Readonly<Record<string, unknown>>;
  /** Names of the client's fields that the payment page asks for. */
  readonly request_client_details: readonly string[];
}

/** One line of a purchase. */
export interface Product {
  readonly name: string;
  /** In minor units, for one. */
  readonly price: number;
  /** In minor units. */
  readonly discount: number;
  /** A decimal number as text, such as `1.0000`. */
  readonly quantity: string;
  /** A decimal number as text, such as `6.00`. */
  readonly tax_percent: string;
  readonly category: string;
}

/** The company that sells, as printed on the invoice. Text that was not given is the empty string. */
export interface IssuerDetails {
  readonly brand_name: string;
  readonly website: string;
  readonly legal_name: string;
  readonly registration_number: string;
  readonly tax_number: string;
  readonly legal_street_address: string;
  readonly legal_city: string;
  readonly legal_zip_code: string;
  /** ISO 3166-1, two letters. */
  readonly legal_country: string;
  readonly bank_accounts: readonly BankAccount[];
}

/** A bank account of the company. */
export interface BankAccount {
  readonly bank_account: string;
  readonly bank_code: string;
}
