/** Somebody who plays on a server and buys in its store. */
export interface Customer {
  /** 32 hex digits without dashes: the player's UUID as Minecraft's own API writes it. */
  readonly uuid: string;
  /** The same UUID with dashes. */
  readonly dashed_uuid: string;
  /** The player's name at the time. */
  readonly username: string;
}

/** Something a store gives to a loyal customer. */
export interface Reward {
  readonly id: number;
  readonly name: string;
}

/** What was paid. */
export interface Payment {
  /** A decimal number as text, such as `12.50`. The currency is not said: it is the store's. */
  readonly total: string;
  /** Who took the money, such as `STRIPE`. */
  readonly gateway_type: string;
  /** The customer's address. */
  readonly ip_address: string;
}

/** What was bought. */
export interface Package {
  readonly name: string;
  readonly quantity: number;
}

/** Why a player is banned from the store. */
export interface Ban {
  readonly reason: string;
}

/** A customer who logged in to the store. */
export interface Login {
  readonly customer: Customer;
}

/** A banned player who tried to log in. */
export interface BannedLogin extends Login {
  readonly ban: Ban;
}

/** A reward, and who gets it. */
export interface GivenReward {
  readonly reward: Reward;
  readonly customer: Customer;
}

/** A package, who bought it, and what was paid for it. Nothing in it tells one purchase from an equal one. */
export interface Purchase {
  readonly payment: Payment;
  readonly customer: Customer;
  readonly package: Package;
}
