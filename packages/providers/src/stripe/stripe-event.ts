/** A snapshot event: it carries the object as it was then. */
export interface StripeSnapshotEvent<Type extends string = string> {
  /** `evt_…`; the id of the event over every attempt. */
  readonly id: string;
  readonly object: "event";
  readonly type: Type;
  /** The version of the API that the object is written in. */
  readonly api_version: string | null;
  /** Unix seconds. */
  readonly created: number;
  readonly data: {
    readonly object: StripeObject;
    /** What changed, as it was before. With `…updated` only. */
    readonly previous_attributes?: Readonly<Record<string, unknown>>;
  };
  /** `false` for test mode and sandboxes. */
  readonly livemode: boolean;
  readonly pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null } | null;
  /** The connected account it is about, on a Connect endpoint. */
  readonly account?: string;
}

/** Any object of Stripe's API. */
export interface StripeObject {
  readonly id?: string;
  readonly object: string;
  readonly [field: string]: unknown;
}

/** A thin event as it is sent: it names the object and leaves it to the receiver to fetch it. */
export interface StripeThinEvent<Type extends string = string> {
  /** `evt_…`; the id of the event over every attempt. */
  readonly id: string;
  readonly object: "v2.core.event";
  readonly type: Type;
  /** ISO 8601. */
  readonly created: string;
  /** `false` for test mode and sandboxes. */
  readonly livemode: boolean;
  readonly related_object?: { readonly id: string; readonly type: string; readonly url: string } | null;
  /** What must be sent as `Stripe-Context` to fetch the object. */
  readonly context?: string | null;
  readonly reason?: Readonly<Record<string, unknown>> | null;
}
