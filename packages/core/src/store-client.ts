import type { Clock } from "./clock.ts";
import { withDeadline } from "./deadline.ts";
import { BackendError } from "./errors.ts";
import { isPromise } from "./is-promise.ts";
import type { Awaitable, Claim, RunningClaim, Store } from "./store.ts";

interface StoreClientOptions {
  readonly store: Store<unknown>;
  readonly leaseMs: number;
  readonly storeTimeoutMs: number;
  readonly clock: Clock;
}

/**
 * The store as the steps use it: every answer comes within a deadline, every fault is a rejection with a
 * {@link BackendError}, and what a store answers at once is answered at once: awaiting it took 4 % of `receive()`.
 */
export interface StoreClient {
  claim(key: string, fingerprint: number): Awaitable<Claim>;
  renew(key: string, token: string): Awaitable<boolean>;
  settle(key: string, token: string, keepMs: number): Awaitable<boolean>;
  /** Runs handlers in a transaction that settles their claim; only for a store that can. Bounded but for the handlers. */
  readonly transact?: Transact;
  release(key: string, token: string): Awaitable<void>;
}

type Transact = (
  claim: RunningClaim,
  work: (transaction: unknown) => Promise<void>,
  signal: AbortSignal,
) => Promise<boolean>;

/** Puts the deadline and the error class round a store, in one place for all its operations. */
export function createStoreClient({ store, leaseMs, storeTimeoutMs, clock }: StoreClientOptions): StoreClient {
  async function within<Value>(
    what: string,
    answer: PromiseLike<Value>,
    undo?: (late: Value) => Awaitable<void>,
  ): Promise<Value> {
    try {
      return await withDeadline(answer, storeTimeoutMs, clock, () => {
        // Should undoing fail as well, the lease ends by itself.
        if (undo !== undefined)
          Promise.resolve(answer)
            .then(undo)
            .catch(() => {});
        return new Error(`It did not answer within ${storeTimeoutMs} ms.`);
      });
    } catch (cause) {
      throw unavailable(what, cause);
    }
  }

  function bounded<Value>(
    what: string,
    operation: () => Awaitable<Value>,
    undo?: (late: Value) => Awaitable<void>,
  ): Awaitable<Value> {
    try {
      const answer = operation();
      return isPromise(answer) ? within(what, answer, undo) : answer;
    } catch (cause) {
      return Promise.reject(unavailable(what, cause));
    }
  }

  return {
    claim: (key, fingerprint) =>
      bounded<Claim>(
        "take a claim",
        () => {
          const answer = store.claim(key, leaseMs, fingerprint);
          return isPromise(answer) ? answer.then(assertClaim) : assertClaim(answer);
        },
        // A claim granted too late would keep the event busy until its lease ends.
        (late) => (late.status === "new" ? store.release(key, late.token) : undefined),
      ),
    renew: (key, token) => bounded("renew a lease", () => store.renew(key, token, leaseMs)),
    settle: (key, token, keepMs) => bounded("settle a claim", () => store.settle(key, token, keepMs)),
    release: (key, token) => bounded("release a claim", () => store.release(key, token)),
    ...(store.transact === undefined ? undefined : { transact: createTransact(store.transact.bind(store), within) }),
  };
}

type Within = <Value>(what: string, answer: PromiseLike<Value>) => Promise<Value>;

/** The store has its time for the beginning and for the end; what lies between are the handlers, who have their own. */
function createTransact(transact: Transact, within: Within): Transact {
  return async (claim, work, signal) => {
    const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let isTooLate = false;
    let hasRun = false;
    let failure: { readonly cause: unknown } | undefined;
    // Async: what it throws at once is a rejection as well.
    const begin = async (...given: Parameters<Transact>): Promise<boolean> => transact(...given);
    const done = begin(
      claim,
      async (transaction) => {
        if (isTooLate) throw new Error("The transaction began too late.");
        begun.resolve();
        try {
          await work(transaction);
          hasRun = true;
        } catch (cause) {
          failure = { cause };
          throw cause;
        } finally {
          ended.resolve();
        }
      },
      signal,
    );
    const end = (): void => ended.resolve(); // it may end without having run the work
    done.then(end, end);
    try {
      await within("begin a transaction", Promise.race([begun.promise, done]));
    } catch (error) {
      isTooLate = true;
      throw error;
    }
    await ended.promise;
    try {
      const isSettled = await within("commit a transaction", done);
      // Whatever it says of the claim, an event whose handlers have not succeeded must not be acknowledged.
      if (isSettled && !hasRun) throw unavailable("keep its contract", new Error("It settled without the handlers."));
      return isSettled;
    } catch (error) {
      throw failure === undefined ? error : failure.cause;
    }
  };
}

/** An answer that is none of the three must not be taken for a "new". */
function assertClaim(answer: Claim): Claim {
  const isKnown =
    (answer?.status === "new" && typeof answer.token === "string" && answer.attempt >= 1) ||
    answer?.status === "duplicate" ||
    (answer?.status === "busy" && answer.retryAfterMs >= 0);
  if (isKnown) return answer;
  throw new TypeError("Its answer to a claim is none that the contract of a store knows.");
}

function unavailable(what: string, cause: unknown): BackendError {
  return new BackendError("ERR_STORE_UNAVAILABLE", `The store could not ${what}.`, {
    help: "Nothing was acknowledged; the platform sends the event again.",
    cause,
  });
}
