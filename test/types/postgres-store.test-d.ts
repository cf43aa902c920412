import type { PGlite, Transaction } from "@electric-sql/pglite";
import { createReceiver } from "@hooklatch/core";
import type { EventOf, HandlerContext, Receiver, Store } from "@hooklatch/core";
import type { toExpress } from "@hooklatch/express";
import type { toFastify, toFastifyPlugin } from "@hooklatch/fastify";
import type { toKoa } from "@hooklatch/koa";
import type { MockSender } from "@hooklatch/mock-sender";
import { createOnWebhook, OnWebhook } from "@hooklatch/nestjs";
import type { HandlerDecorator, HooklatchModule, NestReceiver } from "@hooklatch/nestjs";
import { chip } from "@hooklatch/providers/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";
import { postgresStore } from "@hooklatch/stores/postgres";
import type { PostgresStore, PostgresTransactionClient, TransactionOf } from "@hooklatch/stores/postgres";
import type { Client, Pool, PoolClient } from "pg";
import type { Sql, TransactionSql } from "postgres";
import { expectTypeOf, test } from "vitest";

declare const clients: { pool: Pool; pglite: PGlite; sql: Sql; one: Client };

type StoreOf<Value> = PostgresStore<TransactionOf<Value>>;

test("a pool of pg, one connection of it, PGlite and postgres are clients of a store", () => {
  type Options = Parameters<typeof postgresStore>[0];
  expectTypeOf<{ client: Pool }>().toExtend<Options>();
  expectTypeOf<{ client: Client }>().toExtend<Options>();
  expectTypeOf<{ client: PGlite }>().toExtend<Options>();
  expectTypeOf<{ client: Sql }>().toExtend<Options>();
  expectTypeOf<{ client: { end(): void } }>().not.toExtend<Options>();
  expectTypeOf(postgresStore).returns.toExtend<Store>();
});

test("a store with transactions takes those that can have several, and no single connection", () => {
  expectTypeOf<Pool>().toExtend<PostgresTransactionClient>();
  expectTypeOf<PGlite>().toExtend<PostgresTransactionClient>();
  expectTypeOf<Sql>().toExtend<PostgresTransactionClient>();
  expectTypeOf<Client>().not.toExtend<PostgresTransactionClient>();
});

test("the transaction is the client's own", () => {
  expectTypeOf<TransactionOf<Pool>>().toEqualTypeOf<PoolClient>();
  expectTypeOf<TransactionOf<PGlite>>().toEqualTypeOf<Transaction>();
  expectTypeOf<TransactionOf<Sql>>().toEqualTypeOf<TransactionSql>();
  expectTypeOf<StoreOf<Pool>>().toExtend<Store<PoolClient>>();
  expectTypeOf<TransactionOf<Sql>>().not.toExtend<PoolClient>();
});

const withPool = () =>
  createReceiver({
    provider: chip({ publicKey: "" }),
    store: postgresStore.transactional({ client: clients.pool }),
  });

test("handlers and the functions around them are given it", () => {
  const register = (): void => {
    withPool()
      .on("purchase.paid", async (event, { transaction }) => {
        expectTypeOf(transaction).toEqualTypeOf<PoolClient>();
        await transaction.query("UPDATE orders SET paid = TRUE WHERE reference = $1", [event.payload.reference]);
      })
      .use((_event, { transaction }, next) => {
        expectTypeOf(transaction).toEqualTypeOf<PoolClient>();
        return next();
      });
    createReceiver({
      provider: chip({ publicKey: "" }),
      store: postgresStore.transactional({ client: clients.sql, schema: "shop" }),
    }).on("*", (_event, { transaction }) => expectTypeOf(transaction).toEqualTypeOf<TransactionSql>());
    createReceiver({
      provider: chip({ publicKey: "" }),
      store: postgresStore.transactional({ client: clients.pglite }),
    }).on("*", (_event, { transaction }) => expectTypeOf(transaction).toEqualTypeOf<Transaction>());
    createReceiver({ provider: chip({ publicKey: "" }), store: postgresStore({ client: clients.pool }) }).on(
      "*",
      (_event, { transaction }) => expectTypeOf(transaction).toBeUndefined(),
    );
  };
  expectTypeOf(register).toBeFunction();
  expectTypeOf<ReturnType<typeof withPool>>().toEqualTypeOf<Receiver<ChipEvents, PoolClient>>();
});

test("every adapter, and the mock sender, take such a receiver", () => {
  type Payments = ReturnType<typeof withPool>;
  expectTypeOf<Payments>().toExtend<Parameters<typeof toExpress>[0]>();
  expectTypeOf<Payments>().toExtend<Parameters<typeof toKoa>[0]>();
  expectTypeOf<Payments>().toExtend<Parameters<typeof toFastify>[0]>();
  expectTypeOf<Payments>().toExtend<Parameters<typeof toFastifyPlugin>[0]>();
  expectTypeOf<Payments>().toExtend<Parameters<MockSender<ChipEvents>["send"]>[0]>();
  expectTypeOf<Payments>().toExtend<NestReceiver>();
  expectTypeOf<typeof HooklatchModule.forRoot>().toBeCallableWith({
    receivers: [{ path: "/chip", receiver: {} as Payments }],
  });
});

test("a decorated method of Nest is given it, too", () => {
  type Paid = EventOf<ChipEvents, "purchase.paid">;
  type PaidHandler = HandlerDecorator<Paid, PoolClient>;
  const decorators = (payments: ReturnType<typeof withPool>) => ({
    one: OnWebhook(payments, "purchase.paid"),
    made: createOnWebhook(payments)("purchase.paid"),
    named: createOnWebhook<ChipEvents, PoolClient>("payments")("purchase.paid"),
  });
  expectTypeOf(decorators).returns.toEqualTypeOf<{ one: PaidHandler; made: PaidHandler; named: PaidHandler }>();
  type Method<Context> = TypedPropertyDescriptor<(event: Paid, context: Context) => void>;
  const fits = (decorate: PaidHandler, good: Method<HandlerContext<PoolClient>>, bad: Method<HandlerContext<Sql>>) => {
    decorate({}, "paid", good);
    // @ts-expect-error the method writes with another client
    decorate({}, "paid", bad);
  };
  expectTypeOf(fits).toBeFunction();
});
