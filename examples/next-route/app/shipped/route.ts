import { listShipped } from "../../lib/orders.ts";

/** A route of the shop's own. */
export async function GET(): Promise<Response> {
  return Response.json(await listShipped());
}
