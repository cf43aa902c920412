import type { Delivery } from "../../delivery.ts";

/** What is different about a delivery. */
export interface DeliveryChange {
  readonly body?: Uint8Array;
  /** In lower case, with the value it is to have. */
  readonly header?: readonly [name: string, value: string];
}

/** A delivery as it would have been with another body or another value of one header. */
export function changedDelivery(delivery: Delivery, { body = delivery.body, header }: DeliveryChange): Delivery {
  const { method, url, receivedAtMs } = delivery;
  return {
    method,
    url,
    receivedAtMs,
    body,
    header: (name) => (header !== undefined && name.toLowerCase() === header[0] ? header[1] : delivery.header(name)),
  };
}
