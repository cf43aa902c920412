import { EventEmitter } from "node:events";

import { expect, test } from "vitest";

import { lend } from "./lend.ts";

/** As the client of `pg`: an emitter whose queries answer later. */
class Connection extends EventEmitter {
  readonly #sent: string[] = [];
  query = async (text: string): Promise<number> => this.#sent.push(text);
  sent(): readonly string[] {
    return this.#sent;
  }
  release(): void {}
}

/** As a query of `postgres`: it runs when it is awaited. */
class LazyQuery extends Promise<string> {
  execute(): void {}
}

test("what is lent works as it did, until the end", async () => {
  const connection = new Connection();
  const loan = lend(connection);
  expect(loan.value).toBeInstanceOf(Connection);
  await loan.value.query("one");
  expect(loan.value.on("notice", () => {})).toBe(loan.value);
  expect(loan.value.sent()).toEqual(["one"]);
  loan.end();
  expect(() => loan.value.query("two")).toThrow("The transaction of this delivery is over.");
  expect(connection.sent()).toEqual(["one"]);
});

test("a method that was taken off it ends with it", () => {
  const loan = lend(new Connection());
  const { query } = loan.value;
  loan.end();
  expect(() => query("late")).toThrow("is over");
});

test("a connection is not given back by its borrower", () => {
  expect(() => lend(new Connection()).value.release()).toThrow("The store gives the connection back.");
});

test("a function is lent with what hangs on it", () => {
  const sql = Object.assign((text: string) => `ran ${text}`, {
    typed: Object.assign((value: number) => value, { date: 7 }),
  });
  const loan = lend(sql);
  expect(loan.value("it")).toBe("ran it");
  expect(loan.value.typed(3)).toBe(3);
  expect(loan.value.typed.date).toBe(7);
  loan.end();
  expect(() => loan.value("it")).toThrow("is over");
  expect(() => loan.value.typed(3)).toThrow("is over");
});

test("a query that was made in time and is awaited too late does not run", async () => {
  const loan = lend({ query: () => new LazyQuery((resolve) => resolve("ran")) });
  await expect(loan.value.query()).resolves.toBe("ran");
  const early = loan.value.query();
  loan.end();
  await expect((async () => early)()).rejects.toThrow("is over");
});

test("what is nested in a transaction ends with it", async () => {
  const inner = { query: () => "ran" };
  const outer = { savepoint: (work: (nested: typeof inner) => unknown) => work(inner) };
  const loan = lend(outer);
  let kept: typeof inner | undefined;
  expect(loan.value.savepoint((nested) => (kept = nested).query())).toBe("ran");
  loan.end();
  expect(() => kept?.query()).toThrow("is over");
});
