import type { PaddleEntity, PaddleEvents, PaddleEventType, PaddleNotification } from "@hooklatch/providers/paddle";

import type { MockMoment } from "../mock-platform.ts";

/** The events with a fixture of their own. */
export const paddleFixtureTypes = [
  "transaction.completed",
  "transaction.payment_failed",
  "subscription.created",
  "subscription.past_due",
  "subscription.canceled",
  "customer.created",
  "adjustment.created",
] as const satisfies readonly PaddleEventType[];

/** A notification of Paddle as it is sent: of the entity the fields that handlers read most. */
export function paddleFixture<Type extends PaddleEventType>(type: Type, moment: MockMoment): PaddleEvents[Type] {
  const notification: PaddleNotification = {
    event_id: paddleId("evt", moment),
    event_type: type,
    // Paddle writes microseconds.
    occurred_at: new Date(moment.atMs).toISOString().replace("Z", "000Z"),
    notification_id: paddleId("ntf", moment),
    data: entities.get(type)?.(moment) ?? { id: paddleId("new", moment), ...timesOf(moment) },
  };
  // Every notification of the map has this shape, and `event_type` is the very type asked for.
  return notification as PaddleEvents[Type];
}

const entities: ReadonlyMap<string, (moment: MockMoment) => PaddleEntity> = new Map([
  ["transaction.completed", (moment) => transaction(moment, "completed")],
  ["transaction.payment_failed", (moment) => transaction(moment, "ready")],
  ["subscription.created", (moment) => subscription(moment, "active")],
  ["subscription.past_due", (moment) => subscription(moment, "past_due")],
  ["subscription.canceled", (moment) => subscription(moment, "canceled")],
  ["customer.created", customer],
  ["adjustment.created", refund],
]);

/** In the form of a ULID, as Paddle's ids are. */
function paddleId(prefix: string, moment: MockMoment): string {
  return `${prefix}_01${moment.uuid(prefix).replaceAll("-", "").slice(0, 24)}`;
}

function timesOf(moment: MockMoment) {
  const at = new Date(moment.atMs).toISOString();
  return { created_at: at, updated_at: at };
}

function transaction(moment: MockMoment, status: string): PaddleEntity {
  return {
    id: paddleId("txn", moment),
    status,
    customer_id: paddleId("ctm", moment),
    subscription_id: null,
    invoice_number: status === "completed" ? `418-${10_000 + moment.sequence}` : null,
    currency_code: "EUR",
    collection_mode: "automatic",
    custom_data: { order: `order-${100 + moment.sequence}` },
    details: { totals: { subtotal: "2400", tax: "456", total: "2856", grand_total: "2856", currency_code: "EUR" } },
    ...timesOf(moment),
  };
}

function subscription(moment: MockMoment, status: string): PaddleEntity {
  const isOver = status === "canceled";
  return {
    id: paddleId("sub", moment),
    status,
    customer_id: paddleId("ctm", moment),
    currency_code: "EUR",
    billing_cycle: { interval: "month", frequency: 1 },
    next_billed_at: isOver ? null : new Date(moment.atMs + 2_592_000_000).toISOString(),
    canceled_at: isOver ? new Date(moment.atMs).toISOString() : null,
    custom_data: null,
    ...timesOf(moment),
  };
}

function customer(moment: MockMoment): PaddleEntity {
  return {
    id: paddleId("ctm", moment),
    status: "active",
    name: "Ines Duarte",
    email: "ines.duarte@example.com",
    locale: "pt",
    marketing_consent: false,
    custom_data: null,
    ...timesOf(moment),
  };
}

function refund(moment: MockMoment): PaddleEntity {
  return {
    id: paddleId("adj", moment),
    status: "pending_approval",
    action: "refund",
    transaction_id: paddleId("txn", moment),
    customer_id: paddleId("ctm", moment),
    reason: "sent in error",
    currency_code: "EUR",
    totals: { subtotal: "2400", tax: "456", total: "2856", currency_code: "EUR" },
    ...timesOf(moment),
  };
}
