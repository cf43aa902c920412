import { describe, expect, test } from "vitest";

import { postgresMigration } from "./migration.ts";
import { postgresStore } from "./postgres-store.ts";

/** A client that writes down what it is asked, and answers with rows of the test's. */
function recordingClient(...answers: readonly (readonly unknown[])[]) {
  const texts: string[] = [];
  const rest = [...answers];
  return {
    texts,
    query: async (text: string) => {
      texts.push(text);
      return { rows: rest.shift() ?? [] };
    },
  };
}

describe("postgresStore()", () => {
  test.each([undefined, null, {}, "postgres://127.0.0.1", { connect: () => {} }])(
    "refuses %j as a client",
    (client) => {
      // @ts-expect-error what a JavaScript app may give
      expect(() => postgresStore({ client })).toThrow(expect.objectContaining({ code: "ERR_OPTION_INVALID" }));
      // @ts-expect-error what a JavaScript app may give
      expect(() => postgresStore.transactional({ client })).toThrow(
        expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
      );
    },
  );

  test("refuses a client without transactions where it needs them", () => {
    // @ts-expect-error what a JavaScript app may give
    expect(() => postgresStore.transactional({ client: recordingClient() })).toThrow("Pool of pg");
  });

  test("refuses to prepare where nothing can be, or where it is told neither yes nor no", () => {
    const cannot = expect.objectContaining({ code: "ERR_OPTION_INVALID", message: expect.stringContaining("prepare") });
    expect(() => postgresStore({ client: recordingClient(), prepare: true })).toThrow(cannot);
    // @ts-expect-error what a JavaScript app may give
    expect(() => postgresStore({ client: recordingClient(), prepare: "yes" })).toThrow(cannot);
  });

  test.each(["", 'a"b', "a.b", "$hooklatch$", "é", "x".repeat(51), "a b"])(
    "refuses %j as the name of a table",
    (name) => {
      const client = recordingClient();
      expect(() => postgresStore({ client, table: name })).toThrow("postgresStore: table must be");
      expect(() => postgresStore({ client, schema: name })).toThrow("postgresStore: schema must be");
      expect(() => postgresMigration({ table: name })).toThrow("table");
    },
  );

  test.each([[[]], [[{ taken: false, status: "gone" }]], [[{}]]])(
    "takes the answer %j for no claim at all",
    async (rows) => {
      const store = postgresStore({ client: recordingClient(rows) });
      await expect(store.claim("a", 1000, 1)).rejects.toThrow(TypeError);
    },
  );

  test("is busy for a moment where a lease ends while the server answers", async () => {
    const row = { taken: false, attempt: 1, status: "running", fingerprint: 1, rest: -0.3 };
    const claim = await postgresStore({ client: recordingClient([row]) }).claim("a", 1000, 1);
    expect(claim).toEqual({ status: "busy", conflict: false, retryAfterMs: 1 });
  });

  test("asks one statement for each operation", async () => {
    const client = recordingClient([{ taken: true, attempt: 1 }]);
    const store = postgresStore({ client, schema: "shop", table: "seen" });
    const claim = await store.claim("a", 1000, 1);
    expect(claim).toMatchObject({ status: "new", attempt: 1 });
    expect(await store.renew("a", "1", 1000)).toBe(false);
    expect(await store.settle("a", "1", 1000)).toBe(false);
    await store.release("a", "1");
    await store.close();
    await store.close();
    expect(client.texts).toHaveLength(4);
    for (const text of client.texts) expect(text).toContain('"shop"."seen"');
  });

  test("names migrate() when the table is not there", async () => {
    const missing = Object.assign(new Error('relation "hooklatch_claims" does not exist'), { code: "42P01" });
    const store = postgresStore({ client: { query: () => Promise.reject(missing) } });
    await expect(store.claim("a", 1000, 1)).rejects.toThrow('no table "hooklatch_claims". Call migrate()');
  });
});

test("the migration is one statement, for the table that the store uses", () => {
  expect(postgresMigration()).toContain('CREATE TABLE "hooklatch_claims"');
  expect(postgresMigration()).not.toContain("CREATE SCHEMA");
  expect(postgresMigration({ schema: "shop", table: "seen" })).toContain('CREATE TABLE "shop"."seen"');
  expect(postgresMigration({ schema: "shop" })).toContain('CREATE SCHEMA "shop"');
});
