import { randomBytes } from "node:crypto";

import type { RunningClaim } from "@hooklatch/core";

import { begin } from "./begin.ts";
import { lend } from "./lend.ts";
import type { Loan } from "./lend.ts";
import type { PostgresTransactionClient, TransactionOf } from "./postgres-client.ts";
import type { Statements } from "./statements.ts";

/** Runs handlers in a transaction that settles their claim. */
export interface Transact<Transaction> {
  readonly run: (
    claim: RunningClaim,
    work: (transaction: Transaction) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<boolean>;
  /** Whether the claim with this token is being settled. */
  isEnding(token: string): boolean;
}

class LeaseLost extends Error {}

/** begin, handlers, settle, commit. Whatever fails on this way rolls all of it back. */
export function createTransact<Client extends PostgresTransactionClient>(
  client: Client,
  statements: Pick<Statements, "settleInTransaction">,
  toKeyHash: (key: string) => string,
): Transact<TransactionOf<Client>> {
  const ending = new Set<string>();

  async function run(
    { key, token, keepMs }: RunningClaim,
    work: (transaction: TransactionOf<Client>) => Promise<void>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const mark = randomBytes(8).readBigInt64BE();
    const aborted = Promise.withResolvers<never>();
    aborted.promise.catch(() => {}); // it may be that nobody waits for it any more
    const abort = (): void => aborted.reject(signal.reason);
    signal.addEventListener("abort", abort);
    let loan: Loan<object> | undefined;
    try {
      await begin(client, { mark, signal }, async (connection, query) => {
        loan = lend(connection);
        // What each client lends for a transaction is what TransactionOf says of it.
        await Promise.race([work(loan.value as TransactionOf<Client>), aborted.promise]);
        loan.end(); // a query that nobody waited for now stands before the settle, and fails it if it fails
        ending.add(token);
        const [row] = await query(statements.settleInTransaction, [toKeyHash(key), token, keepMs, String(mark)]);
        if (row?.marked !== true) throw handlerEndedIt();
        if (row.settled !== true) throw new LeaseLost();
      });
      return true;
    } catch (error) {
      if (error instanceof LeaseLost) return false;
      throw error;
    } finally {
      loan?.end();
      ending.delete(token);
      signal.removeEventListener("abort", abort);
    }
  }

  return { run, isEnding: (token) => ending.has(token) };
}

function handlerEndedIt(): Error {
  return new Error(
    "A handler ended the transaction. COMMIT and ROLLBACK are the store's: to undo what was written, a handler throws. " +
      "What was committed stays, and the event runs again.",
  );
}
