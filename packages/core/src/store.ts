/** A value, or a promise of it: stores in memory answer at once. */
export type Awaitable<Value> = Value | Promise<Value>;

/**
 * What a store answers to a claim.
 *
 * `conflict` says that the event claimed first under this key had another body. The first is kept.
 */
export type Claim =
  | {
      readonly status: "new";
      /** The fencing token: settle, renew and release work only with the newest one. */
      readonly token: string;
      /** How often this key has been claimed, this time included. Counts claims whose process died. */
      readonly attempt: number;
    }
  | { readonly status: "duplicate"; readonly conflict: boolean }
  | {
      readonly status: "busy";
      readonly conflict: boolean;
      /** For how long the running claim's lease lasts, at most. Above 0. */
      readonly retryAfterMs: number;
    };

/** A claim that was granted, and for how long its event is to be remembered. */
export interface RunningClaim {
  readonly key: string;
  readonly token: string;
  readonly keepMs: number;
}

/**
 * Remembers which events were let through.
 *
 * A claim is a lease: it ends by itself when its holder dies. Every operation is atomic on the store's own clock, and
 * rejects (or throws) when the store cannot be reached; core makes a `BackendError` of that.
 */
export interface Store<Transaction = undefined> {
  /**
   * Asks to handle an event. Of N callers exactly one is answered `new`.
   *
   * @param key up to 1,024 bytes of UTF-8; never a part of a body
   * @param leaseMs how long the claim holds without being settled
   * @param fingerprint a checksum of the body, to notice two different bodies under one key
   */
  claim(key: string, leaseMs: number, fingerprint: number): Awaitable<Claim>;
  /** Prolongs a lease. `false`: it was lost to another claimer. */
  renew(key: string, token: string, leaseMs: number): Awaitable<boolean>;
  /**
   * Remembers the event as handled for `keepMs`, and MUST NOT answer `duplicate` after that: the id may then stand for
   * another event. `false`: the lease was lost to another claimer.
   */
  settle(key: string, token: string, keepMs: number): Awaitable<boolean>;
  /** Gives a claim back, so that the next delivery runs. Does nothing when the lease was lost. */
  release(key: string, token: string): Awaitable<void>;
  /**
   * For a store in the database that handlers write to: runs `work` in a transaction that also settles the claim, so
   * that both are remembered or neither is.
   *
   * MUST call `work` once at most, MUST NOT commit where it rejects or the lease was lost, and rejects with what it
   * rejected with. `false`: the lease was lost. When `signal` aborts, MUST roll back without waiting for `work`.
   */
  transact?(
    claim: RunningClaim,
    work: (transaction: Transaction) => Promise<void>,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** Frees what the store holds. May be called twice. */
  close(): Awaitable<void>;
}
