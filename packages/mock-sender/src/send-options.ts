import type { DeepPartial } from "./deep-partial.ts";
import type { Fault } from "./faults.ts";

/** How one event is to differ from the platform's usual one. */
export interface SendOptions<Payload> {
  /** Merged into the fixture. `undefined` removes a field, a list replaces the whole list. */
  readonly payload?: DeepPartial<Payload>;
  /** Path and query. Default: an address's own, else `/webhooks/` and the platform's name. */
  readonly path?: string;
  /** Set after signing. `undefined` removes a header. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** What is to be wrong with the delivery. */
  readonly fault?: Fault;
  /** Pads the body to this size before it is signed. Default: no padding, or one byte too many for `oversized`. */
  readonly bodyBytes?: number;
}

/** How copies of one event are sent at once. */
export interface ConcurrentOptions<Payload> extends SendOptions<Payload> {
  /** Default: 10. */
  readonly copies?: number;
}
