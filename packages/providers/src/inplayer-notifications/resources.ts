// Times are Unix seconds. A time that InPlayer writes as the year 1, which stands for "not set", is left out.

/** A payment that went through. */
export interface Payment {
  readonly transaction: string;
  readonly item_id: number;
  readonly access_fee_id: number;
  /** In the currency's main unit, as decimal text such as `3.00`. */
  readonly amount: string;
  readonly currency_iso: string;
  /** With a symbol or the code of the currency, for people. */
  readonly formatted_amount: string;
  readonly customer_id: number;
  readonly email: string;
  readonly description: string;
  readonly previewTitle: string;
  /** `success`, or empty. */
  readonly status: string;
  /** As an HTTP status, such as 200. */
  readonly code: number;
  readonly timestamp: number;
}

/** A payment or subscription that did not succeed: `message` and `explain` say why. */
export interface FailedPayment {
  /** As an HTTP status, such as 422. */
  readonly code: number;
  readonly message: string;
  /** A text, or texts by code. */
  readonly explain?: string | Readonly<Record<string, string>>;
  readonly account_id?: number;
  readonly access_fee_id?: number;
}

/** The bank wants the customer to confirm, on another page. */
export interface RequiredAction {
  readonly redirect_to_url: string;
}

/** A subscription that was ended. InPlayer publishes no example of it: the fields are inferred. */
export interface Cancellation extends Partial<Payment> {}

/** Access to an asset, from now on. */
export interface AccessGrant {
  readonly id: number;
  readonly account_id: number;
  readonly customer_id: number;
  readonly customer_uuid: string;
  readonly country_code: string;
  readonly ip_address: string;
  readonly created_at?: number;
  readonly starts_at?: number;
  readonly expires_at?: number;
  readonly item: Asset;
}

/** What access is granted to. */
export interface Asset {
  readonly id: number;
  readonly title: string;
  readonly active: boolean;
  readonly content: string;
  readonly item_type: AssetType;
  readonly merchant_id: number;
  readonly merchant_uuid: string;
  readonly created_at?: number;
  readonly updated_at?: number;
  /** What the merchant wrote about it; under this name also where InPlayer sends it as `metahash`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** As it came, where it came. */
  readonly metahash?: Readonly<Record<string, unknown>>;
}

/** Of which kind an asset is. */
export interface AssetType {
  readonly id: number;
  readonly name: string;
  readonly content_type: string;
  readonly description: string;
  readonly host: string;
}

/** Access that ended. */
export interface AccessLoss {
  readonly item_id: number;
}

/** What happened to the account itself. InPlayer sends no resource with it. */
export type AccountChange = Readonly<Record<string, never>>;
