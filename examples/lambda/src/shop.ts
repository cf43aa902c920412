import { createReceiver } from "@hooklatch/core";
import { toLambda } from "@hooklatch/lambda";
import type { LambdaEventV2, LambdaHandler, LambdaResult } from "@hooklatch/lambda";
import { chip } from "@hooklatch/providers/chip";

/** What the shop needs from outside. */
export interface ShopOptions {
  /** The PEM of the webhook, as CHIP shows it. */
  readonly publicKey: string | undefined;
  /**
   * Sends the goods of a paid order. When it fails, CHIP sends the event again. Two instances of the function may be given
   * the same event, as they share no store here: it MUST be safe to repeat.
   */
  readonly ship: (reference: string) => Promise<void>;
}

/** Builds the shop: a function behind a function URL. Reads nothing from the environment, so that a test can build it too. */
export function createShop({ publicKey = "", ship }: ShopOptions): (event: LambdaEventV2) => Promise<LambdaResult> {
  // Below the function's timeout of 25 seconds: a slow handler is answered by us, not cut off by Lambda.
  const payments = createReceiver({ provider: chip({ publicKey }), handlerTimeoutMs: 20_000 });
  payments.on("purchase.paid", async ({ payload }) => ship(payload.reference));

  const routes = new Map<string, LambdaHandler>([["/webhooks/chip", toLambda(payments)]]);
  return async (event) => {
    const receive = routes.get(event.rawPath);
    if (receive !== undefined) return receive(event);
    return { statusCode: 404, headers: { "content-type": "text/plain" }, body: "not found", isBase64Encoded: false };
  };
}
