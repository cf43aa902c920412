import { toQuery } from "./postgres-client.ts";
import type {
  PgConnection,
  PgPool,
  PgliteDatabase,
  PostgresJs,
  PostgresTransactionClient,
  Query,
} from "./postgres-client.ts";
import { markTransaction } from "./statements.ts";

interface BeginOptions {
  readonly mark: bigint;
  /** Rolls back when it aborts. */
  readonly signal: AbortSignal;
}

/** What is done in a transaction: it is committed when this resolves, and rolled back when it rejects. */
type Body = (transaction: object, query: Query) => Promise<void>;

/** Runs a transaction in the way of each client. Rejects when it is not certain that all of it was committed. */
export async function begin(client: PostgresTransactionClient, options: BeginOptions, body: Body): Promise<void> {
  if ("begin" in client) return beginPostgresJs(client, options, body);
  if ("transaction" in client) return beginPglite(client, options, body);
  return beginPg(client, options, body);
}

/**
 * `postgres` ends the process when it is asked to write on a connection that is gone, even by its own ROLLBACK. So after a
 * failure nothing more is asked of one: its callback does not end, and `begin` has rejected already.
 */
async function beginPostgresJs(sql: PostgresJs, { mark, signal }: BeginOptions, body: Body): Promise<void> {
  let isLost = false;
  const assertConnected = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve)); // by then the loss of the connection is known here
    if (isLost) await new Promise<never>(() => {});
  };
  const begun = sql.begin(async (transaction) => {
    const query = toQuery(transaction);
    try {
      signal.throwIfAborted();
      await query(markTransaction(mark));
      await body(transaction, async (text, values) => {
        await assertConnected();
        return query(text, values);
      });
    } catch (error) {
      await assertConnected();
      throw error;
    }
  });
  begun.then(undefined, () => (isLost = true));
  await begun;
}

async function beginPglite(database: PgliteDatabase, { mark, signal }: BeginOptions, body: Body): Promise<void> {
  await database.transaction(async (transaction) => {
    signal.throwIfAborted();
    const query = toQuery(transaction);
    await query(markTransaction(mark));
    await body(transaction, query);
  });
}

async function beginPg(pool: PgPool, { mark, signal }: BeginOptions, body: Body): Promise<void> {
  const connection = await pool.connect();
  const borrowed = giveBackOnce(connection);
  // Closes the connection: the server rolls back, and nothing that still runs can commit.
  signal.addEventListener("abort", borrowed.destroy);
  try {
    signal.throwIfAborted();
    await connection.query(`BEGIN; ${markTransaction(mark)}`);
    await body(connection, toQuery(connection));
    const { command } = await connection.query("COMMIT");
    if (command !== "COMMIT") throw new Error("The transaction had failed before it was to be committed.");
  } catch (error) {
    await rollBack(connection).catch(borrowed.destroy);
    throw error;
  } finally {
    signal.removeEventListener("abort", borrowed.destroy);
    borrowed.giveBack();
  }
}

async function rollBack(connection: PgConnection): Promise<void> {
  await connection.query("ROLLBACK");
}

interface Borrowed {
  readonly giveBack: () => void;
  /** Closes the connection, whatever it is at. */
  readonly destroy: () => void;
}

function giveBackOnce(connection: PgConnection): Borrowed {
  let isBack = false;
  const end = (isBroken: boolean): void => {
    if (isBack) return;
    isBack = true;
    connection.release(isBroken);
    // One that is closed may still have an error to tell, and has nobody else to tell it to.
    if (!isBroken) connection.off("error", destroy);
  };
  const destroy = (): void => end(true);
  // While a connection is lent, its pool does not listen: without a listener its loss would end the process.
  connection.on("error", destroy);
  return { giveBack: () => end(false), destroy };
}
