import { describe, expect, test } from "vitest";

import { memoryStore } from "./memory-store.ts";
import type { Claim, Store } from "./store.ts";
import { createStoreClient } from "./store-client.ts";
import { settled, TestClock } from "./test-support/test-clock.ts";

function setUp(changes: Partial<Store> = {}) {
  const clock = new TestClock();
  const store: Store = { ...memoryStore({ clock }), ...changes };
  const client = createStoreClient({ store, leaseMs: 60_000, storeTimeoutMs: 5000, clock });
  return { clock, client };
}

const never = (): Promise<never> => new Promise(() => {});
const down = (): Promise<never> => Promise.reject(new Error("ECONNREFUSED"));

/** What the client says after a call that may take as long as it wants. */
async function codeAfter(clock: TestClock, work: Promise<unknown>, ms: number): Promise<unknown> {
  const answer = work.then(
    (value) => value,
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
  const pending = Symbol("pending");
  await clock.advance(ms);
  return Promise.race([answer, settled().then(() => pending.description)]);
}

test("passes on keys, tokens and durations", async () => {
  const calls: unknown[][] = [];
  const note =
    <Value>(answer: Value) =>
    (...args: unknown[]): Value => {
      calls.push(args);
      return answer;
    };
  const granted: Claim = { status: "new", token: "7", attempt: 1 };
  const { client } = setUp({ claim: note(granted), settle: note(true), release: note(undefined) });
  expect(await client.claim("k", -3)).toBe(granted);
  expect(await client.settle("k", "7", 90_000)).toBe(true);
  await client.release("k", "7");
  expect(calls).toEqual([
    ["k", 60_000, -3],
    ["k", "7", 90_000],
    ["k", "7"],
  ]);
});

const operations = ["claim", "settle", "release"] as const;

describe.each(operations)("%s", (operation) => {
  const call = ({ client }: ReturnType<typeof setUp>): Promise<unknown> =>
    Promise.resolve(operation === "claim" ? client.claim("k", 1) : client[operation]("k", "7", 1000));

  test.each([
    ["rejects", down],
    [
      "throws at once",
      () => {
        throw new Error("closed");
      },
    ],
  ])("is unavailable when the store %s, with why as the cause", async (_how, fail: () => Promise<never>) => {
    const work = call(setUp({ [operation]: fail }));
    await expect(work).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE", status: 503, cause: expect.any(Error) });
  });

  test("is unavailable at its deadline and not before", async () => {
    const made = setUp({ [operation]: never });
    const work = call(made);
    expect(await codeAfter(made.clock, work, 4999)).toBe("pending");
    expect(await codeAfter(made.clock, work, 1)).toBe("ERR_STORE_UNAVAILABLE");
    expect(made.clock.timers).toBe(0);
  });

  test("leaves no timer behind when the store answers", async () => {
    const made = setUp({ [operation]: async () => ({ status: "duplicate", conflict: false }) });
    await call(made);
    expect(made.clock.timers).toBe(0);
  });

  test("leaves no rejection unhandled when the store fails after the deadline", async () => {
    const late = Promise.withResolvers<never>();
    const made = setUp({ [operation]: () => late.promise });
    const work = call(made);
    expect(await codeAfter(made.clock, work, 5000)).toBe("ERR_STORE_UNAVAILABLE");
    late.reject(new Error("too late"));
    await settled();
  });
});

test.each([{ status: "odd" }, {}, null, undefined, true])("takes %j for no answer to a claim", async (answer) => {
  // What a store written in JavaScript may do.
  const { client } = setUp({ claim: () => answer as unknown as Claim });
  await expect(Promise.resolve(client.claim("k", 1))).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  const { client: later } = setUp({ claim: async () => answer as unknown as Claim });
  await expect(Promise.resolve(later.claim("k", 1))).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
});

describe("a claim that is granted after the deadline", () => {
  async function grantLate(claim: Claim, release: Store["release"]) {
    const late = Promise.withResolvers<Claim>();
    const { clock, client } = setUp({ claim: () => late.promise, release });
    const work = Promise.resolve(client.claim("k", 1));
    expect(await codeAfter(clock, work, 5000)).toBe("ERR_STORE_UNAVAILABLE");
    late.resolve(claim);
    await settled();
  }

  test("is given back", async () => {
    const released: unknown[] = [];
    await grantLate({ status: "new", token: "7", attempt: 1 }, (...args) => void released.push(args));
    expect(released).toEqual([["k", "7"]]);
  });

  test("is given back as well as can be when the store is away again", async () => {
    let asked = 0;
    await grantLate({ status: "new", token: "7", attempt: 1 }, () => {
      asked++;
      return down();
    });
    expect(asked).toBe(1);
  });

  test("was none when it turns out to be busy or a duplicate", async () => {
    const release = (): never => expect.unreachable("There is nothing to give back.");
    await grantLate({ status: "busy", conflict: false, retryAfterMs: 1 }, release);
    await grantLate({ status: "duplicate", conflict: false }, release);
  });
});
