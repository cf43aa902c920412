import type { Customer, EnderpayEvents, Payment, Purchase } from "@hooklatch/providers/enderpay";

import type { MockMoment } from "../mock-platform.ts";

/** One realistic payload for each event of Enderpay. Each moment has a player of its own: nothing else tells them apart. */
export const enderpayFixtures: {
  readonly [Type in keyof EnderpayEvents]: (moment: MockMoment) => EnderpayEvents[Type];
} = {
  REWARD_GIVEN_PAYMENT_MILESTONE: (moment) => ({
    reward: { id: 41, name: "Spent 50 in all" },
    customer: customer(moment),
  }),
  REWARD_GIVEN_RETURN_CUSTOMER: (moment) => ({
    reward: { id: 42, name: "Welcome back" },
    customer: customer(moment),
  }),
  REWARD_GIVEN_REWARD_COUNT: (moment) => ({
    reward: { id: 43, name: "Five rewards" },
    customer: customer(moment),
  }),
  STORE_LOGIN_SUCCESSFUL: (moment) => ({ customer: customer(moment) }),
  STORE_LOGIN_PLAYER_BANNED: (moment) => ({
    ban: { reason: "Griefing at spawn" },
    customer: customer(moment),
  }),
  STORE_PACKAGE_INITIAL: (moment) => purchase(moment, "24.50"),
  STORE_PACKAGE_RENEWAL: (moment) => purchase(moment, "19.00"),
  STORE_PACKAGE_EXPIRY: (moment) => purchase(moment, "19.00"),
  STORE_PACKAGE_CHARGEBACK: (moment) => purchase(moment, "24.50"),
};

function purchase(moment: MockMoment, total: Payment["total"]): Purchase {
  return {
    payment: { total, gateway_type: "STRIPE", ip_address: "203.0.113.61" },
    customer: customer(moment),
    package: { name: "Sky Islands VIP", quantity: 1 },
  };
}

function customer(moment: MockMoment): Customer {
  const dashed = moment.uuid("customer");
  return { uuid: dashed.replaceAll("-", ""), dashed_uuid: dashed, username: `Player${moment.sequence}` };
}
