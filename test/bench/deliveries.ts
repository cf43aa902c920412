import { toIncomingDelivery } from "@hooklatch/core";
import type { IncomingDelivery, Receiver } from "@hooklatch/core";

/** What an adapter would hand over for a signed JSON body. */
export function toSignedDelivery(body: Buffer, header: string, signature: string): IncomingDelivery {
  return toIncomingDelivery({
    headers: {
      host: "shop.example.test",
      "user-agent": "Shop/1.0",
      accept: "*/*",
      "content-type": "application/json",
      "content-length": String(body.length),
      [header]: signature,
    },
    body,
  });
}

/** Lets a receiver take deliveries one after the other. Throws when one of them is not handled. */
export async function receiveAll(receiver: Pick<Receiver, "receive">, deliveries: readonly IncomingDelivery[]) {
  for (const delivery of deliveries) {
    const { outcome, error } = await receiver.receive(delivery);
    if (outcome !== "handled") throw new Error(`A delivery was ${outcome}, not handled.`, { cause: error });
  }
}
