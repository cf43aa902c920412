import type { BodyObject, Delivery } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

import { isTopic } from "./topic-list.ts";

/** The kind of resource that a topic is about, by the first part of the topic, where the body of most says its kind. */
const kinds: ReadonlyMap<string, string> = new Map([
  ["collections", "Collection"],
  ["customers", "Customer"],
  ["draft_orders", "DraftOrder"],
  ["fulfillments", "Fulfillment"],
  ["inventory_items", "InventoryItem"],
  ["inventory_levels", "InventoryLevel"],
  ["order_transactions", "OrderTransaction"],
  ["orders", "Order"],
  ["products", "Product"],
  ["refunds", "Refund"],
  ["variants", "ProductVariant"],
]);

const knownKinds: ReadonlySet<string> = new Set(kinds.values());
const complianceTopics: ReadonlySet<string> = new Set(["customers/data_request", "customers/redact", "shop/redact"]);

/**
 * Reads the topic from its header and holds it against the listed ones, if any are, and against the body; the shop, too.
 * Neither header is signed: without this, the request for a customer's data could be sent again as the order to erase
 * them, or a shop's uninstallation as another's.
 *
 * Only a contradiction is refused. A subscription may have left out any field of most bodies.
 *
 * @throws {RejectedError} `ERR_EVENT_TYPE_INVALID`
 */
export function readTopic(body: BodyObject, delivery: Delivery, { topics }: TopicRules = {}): string {
  const topic = delivery.header("x-shopify-topic");
  if (!isTopic(topic)) {
    throw new RejectedError("ERR_EVENT_TYPE_INVALID", "The header X-Shopify-Topic is missing or no topic.");
  }
  if (topics !== undefined && !topics.has(topic)) {
    throw new RejectedError(
      "ERR_EVENT_TYPE_INVALID",
      `The topic ${topic} is not one of those that this endpoint takes.`,
      {
        help: "Add it to topics, or end its subscription to this address. Is there none? Then somebody changed the header.",
      },
    );
  }
  const said = topicOf(body) ?? kindOf(body);
  if (said !== undefined && !fits(topic, said)) throw contradiction(`X-Shopify-Topic says ${topic}`, `it is ${said}`);
  if (complianceTopics.has(topic) && said !== topic) {
    throw contradiction(`X-Shopify-Topic says ${topic}`, "it has not the fields of one");
  }
  assertShop(body, delivery);
  return topic;
}

/** Which topics are let through. */
interface TopicRules {
  /** Left out: all. */
  readonly topics?: ReadonlySet<string> | undefined;
}

/** The topics that must not be mistaken have bodies that no subscription changes. */
function topicOf(body: BodyObject): string | undefined {
  const has = (field: string): boolean => Object.hasOwn(body, field);
  if (!has("shop_id") || !has("shop_domain")) return undefined;
  if (has("orders_to_redact")) return "customers/redact";
  if (has("orders_requested")) return "customers/data_request";
  return has("customer") ? undefined : "shop/redact";
}

function kindOf(body: BodyObject): string | undefined {
  if (Object.hasOwn(body, "myshopify_domain")) return "Shop";
  const id = body["admin_graphql_api_id"];
  const kind = typeof id === "string" ? /^gid:\/\/shopify\/([A-Za-z]{1,40})\//.exec(id)?.[1] : undefined;
  return kind !== undefined && knownKinds.has(kind) ? kind : undefined;
}

function fits(topic: string, said: string): boolean {
  if (complianceTopics.has(said)) return topic === said;
  const subject = topic.split("/", 1)[0] ?? "";
  if (said === "Shop") return !kinds.has(subject);
  if (subject === "app" || subject === "shop") return false;
  return (kinds.get(subject) ?? said) === said;
}

function assertShop(body: BodyObject, delivery: Delivery): void {
  const claimed = delivery.header("x-shopify-shop-domain");
  if (claimed === undefined) return;
  for (const field of ["shop_domain", "myshopify_domain"]) {
    const signed = Object.hasOwn(body, field) ? body[field] : undefined;
    if (typeof signed === "string" && signed.toLowerCase() !== claimed.toLowerCase()) {
      throw contradiction("X-Shopify-Shop-Domain names one shop", `its ${field} is another`);
    }
  }
}

function contradiction(said: string, but: string): RejectedError {
  return new RejectedError(
    "ERR_EVENT_TYPE_INVALID",
    `The header ${said}, but the signed body says otherwise: ${but}.`,
    {
      help: "The header is not signed: somebody may have sent a captured delivery with another one.",
    },
  );
}
