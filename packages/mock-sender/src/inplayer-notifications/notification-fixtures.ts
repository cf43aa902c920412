import type {
  AccessGrant,
  FailedPayment,
  InPlayerNotificationEvents,
  InPlayerNotificationType,
  Payment,
  RequiredAction,
} from "@hooklatch/providers/inplayer-notifications";

import { evening, guest, merchant, secondOf, transactionOf } from "../inplayer/fixtures/venue.ts";
import type { MockMoment } from "../mock-platform.ts";

/** A message as InPlayer sends it, before it is text. */
export interface MockNotificationMessage<Type extends InPlayerNotificationType = InPlayerNotificationType> {
  readonly type: string;
  readonly timestamp: number;
  /** InPlayer sends none about an account itself. */
  readonly resource?: InPlayerNotificationEvents[Type]["resource"];
}

type ResourceOf = {
  readonly [Type in InPlayerNotificationType]: (
    moment: MockMoment,
  ) => InPlayerNotificationEvents[Type]["resource"] | undefined;
};

const [accessFeeId, itemId, guestId] = [Number(evening.access_fee_id), Number(evening.item_id), Number(guest.id)];

/** The year 1: how InPlayer writes that a time is not set. */
const notSet = -62_135_596_800;

const none = (): undefined => undefined;

const resources: ResourceOf = {
  "payment.card.success": (moment) => payment(moment, "C", "success"),
  "payment.card.failed": () => declined("Your card was declined."),
  "payment.card.requires.action": confirmation,
  "external.payment.success": (moment) => payment(moment, "C", ""),
  "external.payment.failed": () => ({ code: 422, message: "The payment was not completed.", explain: "not approved" }),
  "subscribe.success": (moment) => payment(moment, "S", "success"),
  "subscribe.failed": () => ({ ...declined("The subscription was not made."), explain: { "422": "No such card." } }),
  "subscribe.requires.action": confirmation,
  "subscribe.cancelled.success": (moment) => payment(moment, "S", "success"),
  "external.subscribe.cancel.success": (moment) => payment(moment, "S", ""),
  "access.granted": grant,
  "access.revoked": () => ({ item_id: itemId }),
  "account.logout": none,
  "account.erased": none,
  "account.deactivated": none,
};

/** One realistic message for each type. */
export function notificationFixture(type: InPlayerNotificationType, moment: MockMoment): MockNotificationMessage {
  const resource = resources[type](moment);
  const message = { type, timestamp: unix(moment) };
  return resource === undefined ? message : { ...message, resource };
}

function unix(moment: MockMoment, fromThen = 0): number {
  return Number(secondOf(moment, fromThen));
}

function payment(moment: MockMoment, kind: "C" | "S", status: string): Payment {
  return {
    item_id: itemId,
    previewTitle: evening.title,
    access_fee_id: accessFeeId,
    transaction: transactionOf(moment, kind, status === "" ? "PP" : "ST"),
    description: kind === "C" ? "One evening" : "The season, by the month",
    email: guest.email,
    customer_id: guestId,
    formatted_amount: "€14.90",
    amount: "14.90",
    currency_iso: "EUR",
    status,
    timestamp: unix(moment),
    code: 200,
  };
}

function declined(message: string): FailedPayment {
  return { access_fee_id: accessFeeId, account_id: guestId, code: 422, message };
}

function confirmation(moment: MockMoment): RequiredAction {
  return { redirect_to_url: `https://bank.example/confirm/${moment.uuid("confirmation")}` };
}

/** Every second one has its `metadata` under the name `metahash`. */
function grant(moment: MockMoment): AccessGrant {
  const about = { preview_title: evening.title, preview_button_label: "Watch" };
  return {
    account_id: Number(merchant.merchant_id),
    country_code: "PT",
    created_at: unix(moment),
    customer_id: guestId,
    customer_uuid: moment.uuid("guest"),
    expires_at: unix(moment, 86_400),
    // A new one each time: the message is named by it.
    id: unix(moment) % 1_000_000_000,
    ip_address: "198.51.100.23",
    item: {
      active: true,
      content: "<p>The curtain rises at eight.</p>",
      created_at: unix(moment, -604_800),
      id: itemId,
      item_type: { content_type: "html", description: "A page", host: "inplayer", id: 2, name: "html_asset" },
      merchant_id: Number(merchant.merchant_id),
      merchant_uuid: merchant.merchant_uuid,
      ...(moment.sequence % 2 === 0 ? { metahash: about } : { metadata: about }),
      title: evening.title,
      updated_at: notSet,
    },
    starts_at: notSet,
  };
}
