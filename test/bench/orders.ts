import { randomUUID } from "node:crypto";

/**
 * Bodies of exactly so many bytes, like those of a shop: short fields, a few lists, each with an id of its own. No long
 * filler, which would make `JSON.parse` look cheaper than it is.
 */
export function createOrders(count: number, bytes: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => createOrder(index, bytes));
}

function createOrder(index: number, bytes: number): Buffer {
  const items: unknown[] = [];
  const order = {
    id: randomUUID(),
    type: "order.paid",
    created: 1_790_000_000 + index,
    data: {
      reference: `order-${index}`,
      currency: "EUR",
      total: 4_900 + index,
      test: false,
      customer: { name: "Ana Novak", email: "ana@example.test", country: "SI", company: null },
      items,
      note: "",
    },
  };
  for (let item = createItem(0); sizeOf(order) + sizeOf(item) < bytes; item = createItem(items.length))
    items.push(item);
  order.data.note = ".".repeat(bytes - sizeOf(order));
  return Buffer.from(JSON.stringify(order));
}

function createItem(index: number): unknown {
  return { sku: `T-${100 + index}`, name: "Tea, 250 g", quantity: 1 + index, price: 450, tax: 0.22 };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
