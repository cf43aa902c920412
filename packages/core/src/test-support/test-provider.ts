import { createHmac } from "node:crypto";

import type { IncomingBody, IncomingDelivery } from "../delivery.ts";
import { toIncomingDelivery } from "../incoming-delivery.ts";
import type { Provider } from "../provider.ts";
import { readId } from "../read-id.ts";
import { hmac } from "../schemes/hmac.ts";

/** The events of the platform that core's own tests talk to. */
export interface ShopEvents {
  "order.paid": { readonly total: number };
  "order.refunded": { readonly total: number; readonly reason: string };
  "customer.created": { readonly name: string };
}

const secret = "a secret that only tests know";

/** A platform with everything plain: an HMAC in one header, JSON, an id and a type at the top. */
export function shop(changes: Partial<Provider<ShopEvents>> = {}): Provider<ShopEvents> {
  return {
    name: "shop",
    scheme: hmac({ secrets: secret, header: "x-shop-signature", encoding: "hex" }),
    body: "json",
    maxBodyBytes: 100_000,
    retryHorizonMs: 3_600_000,
    describe: (body, delivery) => ({
      id: readId(body, "id", delivery),
      type: body["type"],
      payload: body["data"],
    }),
    ...changes,
  };
}

/** A delivery of the shop, correctly signed whatever stands in it. */
export function shopDelivery(body: unknown, changes: DeliveryChanges = {}): IncomingDelivery {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return toIncomingDelivery({
    ...(changes.method === undefined ? undefined : { method: changes.method }),
    headers: {
      "content-type": "application/json",
      "x-shop-signature": createHmac("sha256", secret).update(bytes).digest("hex"),
      ...changes.headers,
    },
    body: changes.body ?? bytes,
  });
}

interface DeliveryChanges {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What arrives in place of what was signed. */
  readonly body?: IncomingBody;
}

/** The body of an order that was paid. */
export function orderPaid(id: unknown = "evt_1", total = 4200) {
  return { id, type: "order.paid", data: { total } };
}
