import type { BannedLogin, GivenReward, Login, Purchase } from "./payload.ts";

/**
 * The event map of Enderpay: what each event carries. For an event or a field that Enderpay added since, extend this
 * interface or the payload's by declaration merging.
 */
export interface EnderpayEvents {
  REWARD_GIVEN_PAYMENT_MILESTONE: GivenReward;
  REWARD_GIVEN_RETURN_CUSTOMER: GivenReward;
  REWARD_GIVEN_REWARD_COUNT: GivenReward;
  STORE_LOGIN_SUCCESSFUL: Login;
  STORE_LOGIN_PLAYER_BANNED: BannedLogin;
  STORE_PACKAGE_INITIAL: Purchase;
  STORE_PACKAGE_RENEWAL: Purchase;
  STORE_PACKAGE_EXPIRY: Purchase;
  STORE_PACKAGE_CHARGEBACK: Purchase;
}

/** The name of an event that Enderpay sends. */
export type EnderpayEventType = keyof EnderpayEvents;

/** Every event type Enderpay documents, in the order of {@link EnderpayEvents}. */
export const enderpayEventTypes = [
  "REWARD_GIVEN_PAYMENT_MILESTONE",
  "REWARD_GIVEN_RETURN_CUSTOMER",
  "REWARD_GIVEN_REWARD_COUNT",
  "STORE_LOGIN_SUCCESSFUL",
  "STORE_LOGIN_PLAYER_BANNED",
  "STORE_PACKAGE_INITIAL",
  "STORE_PACKAGE_RENEWAL",
  "STORE_PACKAGE_EXPIRY",
  "STORE_PACKAGE_CHARGEBACK",
] as const satisfies readonly EnderpayEventType[];
