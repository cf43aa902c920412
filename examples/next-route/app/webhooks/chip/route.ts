import { toFetchHandler } from "@hooklatch/core/fetch";

import { payments } from "../../../lib/payments.ts";

/** Not "edge": see the README. */
export const runtime = "nodejs";

const receive = toFetchHandler(payments);

/** Where CHIP sends its webhooks. The request goes in unread: `request.json()` would take the signed bytes away. */
export async function POST(request: Request): Promise<Response> {
  return receive(request);
}
