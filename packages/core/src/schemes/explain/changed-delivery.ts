import type { Delivery } from "../../delivery.ts";

/** What is different about a delivery. */
export interface DeliveryChange {
  readonly url?: string;
  readonly body?: Uint8Array;
  /** In lower case, with the value it is to have. */
  readonly header?: readonly [name: string, value: string];
}

/** A delivery as it would have been with another body, another address or another value of one header. */
export function changedDelivery(delivery: Delivery, change: DeliveryChange): Delivery {
  const { method, receivedAtMs } = delivery;
  const { body = delivery.body, url = delivery.url, header } = change;
  return {
    method,
    url,
    receivedAtMs,
    body,
    header: (name) => (header !== undefined && name.toLowerCase() === header[0] ? header[1] : delivery.header(name)),
  };
}
