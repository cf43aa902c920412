import type { Delivery } from "../../delivery.ts";
import type { ReadyJwtKey } from "../jwt/key.ts";
import type { JwtOptions } from "../jwt/options.ts";
import type { JwtExpectations } from "../jwt/verify-token.ts";

/** What is needed of a scheme with a token. */
export interface JwtInsight {
  readonly place: { readonly header: string; readonly prefix: string };
  readonly options: JwtOptions;
  readonly expected: JwtExpectations;
  /** Those at hand: no source is asked. */
  readonly keys: readonly ReadyJwtKey[];
  /** When a source last answered. */
  readonly resolvedAtMs: number | undefined;
  /** The scheme's own `verify`, with these keys. */
  readonly verify: (delivery: Delivery, keys: readonly ReadyJwtKey[], nowMs: number) => Promise<unknown>;
}
