import { createReceiver } from "@hooklatch/core";
import type { ReceiverOptions, Result } from "@hooklatch/core";
import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { openCommitCutter } from "../support/commit-cutter.ts";
import { newSchema, orderTables } from "../support/order-tables.ts";
import type { OrderTables } from "../support/order-tables.ts";
import { skipWithoutService } from "../support/services/find-service.ts";
import { postgresService } from "../support/services/postgres.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

beforeEach((context) => skipWithoutService(context, postgresService()));

type Options = Partial<ReceiverOptions<ChipEvents, unknown>> & { readonly url?: string };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of closers.splice(0).toReversed()) await end();
});

/** One event of CHIP's, delivered as often as the test says, to a receiver that writes orders. */
async function setUp(client: string, { url, ...options }: Options = {}) {
  const schema = newSchema();
  const open = orderTables[client];
  if (open === undefined) throw new Error(`There is no client ${client}.`);
  const tables: OrderTables = await open({ schema, ...(url === undefined ? undefined : { url }) });
  closers.push(() => tables.end());
  const sender = createMockSender(chipMock());
  let last: Result | undefined;
  const receiver = createReceiver<ChipEvents, unknown>({
    provider: sender.provider,
    store: tables.store,
    onOutcome: () => {},
    ...options,
  });
  closers.push(() => receiver.close());
  const request = await sender.build("purchase.paid");
  const watched = {
    async receive(incoming: Parameters<typeof receiver.receive>[0]) {
      last = await receiver.receive(incoming);
      return last;
    },
  };
  const insert = (transaction: unknown, id: string): Promise<unknown> =>
    tables.write(transaction, `INSERT INTO ${schema}.orders VALUES ('${id}')`);
  return {
    ...tables,
    schema,
    receiver,
    insert,
    /** Delivers the one event, and tells in a line what became of it. */
    deliver: async (): Promise<string> => {
      await sender.deliver(watched, request);
      const attempt = last?.attempt === undefined ? undefined : `attempt ${last.attempt}`;
      return [last?.outcome, last?.reply.status, last?.error?.code, attempt]
        .filter((part) => part !== undefined)
        .join(" ");
    },
    /** All messages of the last error, from the outermost to its cause. */
    messages: (): string => {
      const parts: string[] = [];
      for (let error: unknown = last?.error; error instanceof Error; error = error.cause) parts.push(error.message);
      return parts.join(" ");
    },
  };
}

const all = Object.keys(orderTables);
const withServer = all.filter((client) => client !== "PGlite");

describe.each(all)("handlers that write with %s", (client) => {
  test("have what all of them wrote committed together with the claim", async () => {
    const { receiver, insert, deliver, orders } = await setUp(client);
    receiver.on("purchase.paid", (_event, { transaction }) => insert(transaction, "a"));
    receiver.on("purchase.*", (_event, { transaction }) => insert(transaction, "b"));
    expect(await deliver()).toBe("handled 200 attempt 1");
    expect(await orders()).toEqual(["a", "b"]);
    expect(await deliver()).toBe("duplicate 200");
    expect(await orders()).toEqual(["a", "b"]);
  });

  test("have nothing committed when one of them fails, and run again", async () => {
    const { receiver, insert, deliver, orders } = await setUp(client);
    receiver.on("purchase.paid", (_event, { transaction }) => insert(transaction, "a"));
    receiver.on("purchase.*", async (_event, { transaction, attempt }) => {
      await insert(transaction, "b");
      if (attempt === 1) throw new Error("no stock");
    });
    expect(await deliver()).toBe("failed 500 ERR_HANDLER_FAILED attempt 1");
    expect(await orders()).toEqual([]);
    expect(await deliver()).toBe("handled 200 attempt 2");
    expect(await orders()).toEqual(["a", "b"]);
  });

  test("have nothing committed when the claim was lost meanwhile", async () => {
    const { receiver, insert, deliver, orders, schema, write, beside } = await setUp(client);
    receiver.on("*", async (_event, { transaction }) => {
      await insert(transaction, "a");
      const lose = `UPDATE ${schema}.hooklatch_claims SET token = 0`;
      await (beside === undefined ? write(transaction, lose) : beside(lose));
    });
    expect(await deliver()).toBe("unavailable 503 ERR_CLAIM_LOST attempt 1");
    expect(await orders()).toEqual([]);
  });

  test("write nothing any more once they are out of time", async () => {
    const { receiver, insert, deliver, orders } = await setUp(client, { handlerTimeoutMs: 400 });
    const [gate, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let late: unknown;
    receiver.on("*", async (_event, { transaction, attempt }) => {
      await insert(transaction, `run ${attempt}`);
      if (attempt > 1) return;
      await gate.promise;
      try {
        await insert(transaction, "late");
      } catch (error) {
        late = error;
      }
      ended.resolve();
    });
    expect(await deliver()).toBe("failed 500 ERR_HANDLER_TIMEOUT attempt 1");
    expect(await deliver()).toBe("busy 503 ERR_EVENT_BUSY");
    gate.resolve();
    await ended.promise;
    expect(late).toMatchObject({ message: "The transaction of this delivery is over." });
    await expect.poll(deliver).toBe("handled 200 attempt 2");
    expect(await orders()).toEqual(["run 2"]);
  });

  test("are not taken for successful when a query failed that they did not look at", async () => {
    const { receiver, insert, deliver, orders } = await setUp(client);
    receiver.on("*", async (_event, { transaction, attempt }) => {
      await insert(transaction, "a");
      if (attempt === 1) await insert(transaction, "a").catch(() => {});
    });
    expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE attempt 1");
    expect(await orders()).toEqual([]);
    expect(await deliver()).toBe("handled 200 attempt 2");
    expect(await orders()).toEqual(["a"]);
  });

  test("are not taken for successful when a query fails that they did not wait for", async () => {
    const { receiver, insert, deliver, orders } = await setUp(client);
    receiver.on("*", async (_event, { transaction, attempt }) => {
      await insert(transaction, "a");
      if (attempt === 1) void insert(transaction, "a").catch(() => {});
    });
    expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE attempt 1");
    expect(await orders()).toEqual([]);
  });

  test("cannot write after the commit", async () => {
    const { receiver, insert, deliver, orders } = await setUp(client);
    let kept: unknown;
    receiver.on("*", (_event, { transaction }) => void (kept = transaction));
    expect(await deliver()).toBe("handled 200 attempt 1");
    await expect((async () => insert(kept, "late"))()).rejects.toThrow("The transaction of this delivery is over.");
    expect(await orders()).toEqual([]);
  });

  test.each(["COMMIT", "ROLLBACK", "COMMIT; BEGIN", "ROLLBACK; BEGIN"])(
    "are not taken for successful when one of them sends %s",
    async (sql) => {
      const { receiver, insert, write, deliver, messages } = await setUp(client);
      receiver.on("*", async (_event, { transaction, attempt }) => {
        if (attempt > 1) return;
        await insert(transaction, "a");
        await write(transaction, sql);
      });
      expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE attempt 1");
      expect(messages()).toContain("A handler ended the transaction.");
      expect(await deliver()).toBe("handled 200 attempt 2");
    },
  );

  test("have nothing committed when a deferred constraint fails at the commit", async () => {
    const { receiver, insert, write, deliver, orders, schema } = await setUp(client);
    receiver.on("*", async (_event, { transaction, attempt }) => {
      await insert(transaction, "a");
      if (attempt === 1) await write(transaction, `INSERT INTO ${schema}.parts VALUES ('nobody''s')`);
    });
    expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE attempt 1");
    expect(await orders()).toEqual([]);
    expect(await deliver()).toBe("handled 200 attempt 2");
    expect(await orders()).toEqual(["a"]);
  });
});

describe.each(withServer)("handlers that write with %s on a server", (client) => {
  test("keep their claim for longer than one lease", async () => {
    const { receiver, insert, deliver, orders } = await setUp(client, { storeTimeoutMs: 300, leaseMs: 900 });
    receiver.on("*", async (_event, { transaction }) => {
      await insert(transaction, "a");
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    });
    expect(await deliver()).toBe("handled 200 attempt 1");
    expect(await orders()).toEqual(["a"]);
  });

  test("have nothing committed when the server ends their connection", async () => {
    const { receiver, insert, write, deliver, orders } = await setUp(client);
    receiver.on("*", async (_event, { transaction, attempt }) => {
      await insert(transaction, "a");
      if (attempt === 1) await write(transaction, "SELECT pg_terminate_backend(pg_backend_pid())").catch(() => {});
    });
    expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE attempt 1");
    expect(await orders()).toEqual([]);
    expect(await deliver()).toBe("handled 200 attempt 2");
    expect(await orders()).toEqual(["a"]);
  });

  test("have nothing committed when their connection is lost while they do something else", async () => {
    const { receiver, insert, deliver, orders, schema, beside } = await setUp(client);
    receiver.on("*", async (_event, { transaction, attempt }) => {
      await insert(transaction, "a");
      if (attempt > 1) return;
      await beside?.(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE state = 'idle in transaction' AND query LIKE '%${schema}%'`);
    });
    expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE attempt 1");
    expect(await orders()).toEqual([]);
    expect(await deliver()).toBe("handled 200 attempt 2");
    expect(await orders()).toEqual(["a"]);
  });

  test("run again when the connection is lost before the commit", async () => {
    const cutter = await openCommitCutter(await postgresService());
    closers.push(() => cutter.close());
    const { receiver, insert, deliver, orders } = await setUp(client, { url: cutter.url });
    receiver.on("*", async (_event, { transaction, attempt }) => {
      await insert(transaction, `run ${attempt}`);
      if (attempt === 1) cutter.cutNext("before");
    });
    expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE attempt 1");
    expect(await orders()).toEqual([]);
    await expect.poll(deliver).toBe("handled 200 attempt 2");
    expect(await orders()).toEqual(["run 2"]);
  });

  test("do not run again when the connection is lost after the commit", async () => {
    const cutter = await openCommitCutter(await postgresService());
    closers.push(() => cutter.close());
    const { receiver, insert, deliver, orders } = await setUp(client, { url: cutter.url });
    receiver.on("*", async (_event, { transaction, attempt }) => {
      await insert(transaction, `run ${attempt}`);
      cutter.cutNext("after");
    });
    expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE attempt 1");
    expect(await orders()).toEqual(["run 1"]);
    await expect.poll(deliver).toBe("duplicate 200");
    expect(await orders()).toEqual(["run 1"]);
  });
});

test("a statement that runs when the time is up does not hold the event back: its connection of pg is closed", async () => {
  const { receiver, insert, write, deliver, orders } = await setUp("pg", { handlerTimeoutMs: 300 });
  receiver.on("*", async (_event, { transaction, attempt }) => {
    await insert(transaction, `run ${attempt}`);
    if (attempt === 1) await write(transaction, "SELECT pg_sleep(3)");
  });
  expect(await deliver()).toBe("failed 500 ERR_HANDLER_TIMEOUT attempt 1");
  await expect.poll(deliver).toBe("handled 200 attempt 2");
  expect(await orders()).toEqual(["run 2"]);
});
