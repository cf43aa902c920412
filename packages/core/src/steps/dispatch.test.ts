import { describe, expect, test } from "vitest";

import type { Around, HandlerContext } from "../receiver.ts";
import type { Run } from "../route.ts";
import { refusalOf } from "../test-support/caught.ts";
import { settled } from "../test-support/test-clock.ts";
import { dispatch } from "./dispatch.ts";

const event = { id: "evt_1", type: "order.paid", payload: { total: 1 } };

const context: HandlerContext = {
  provider: "shop",
  endpoint: "default",
  attempt: 3,
  receivedAtMs: 0,
  signal: new AbortController().signal,
  transaction: undefined,
};

/** Handlers and functions around them that write down what happens. */
function setUp() {
  const log: string[] = [];
  const run = (name: string, work: () => unknown = () => {}): Run => ({
    name,
    event,
    handler: async () => {
      log.push(`${name} starts`);
      await work();
      log.push(`${name} ends`);
    },
  });
  const around =
    (name: string): Around<unknown, unknown> =>
    async (_event, _context, next) => {
      log.push(`${name} in`);
      await next();
      log.push(`${name} out`);
    };
  return { log, run, around };
}

const fail =
  (message = "boom") =>
  (): never => {
    throw new Error(message);
  };

const failLater = async (): Promise<never> => {
  await settled();
  throw new Error("later");
};

/** What the error of a dispatch has as its cause. */
async function causeOf(work: Promise<void>): Promise<unknown> {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : error;
}

describe("handlers", () => {
  test("run one after the other, each to its end", async () => {
    const { log, run } = setUp();
    await dispatch([run("a", settled), run("b"), run("c", settled)], [], context);
    expect(log).toEqual(["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
  });

  test("end with the first that fails, at once or later", async () => {
    for (const work of [fail(), failLater, () => Promise.reject()]) {
      const { log, run } = setUp();
      expect(await refusalOf(() => dispatch([run("a"), run("b", work), run("c")], [], context))).toBe(
        "ERR_HANDLER_FAILED 500",
      );
      expect(log).toEqual(["a starts", "a ends", "b starts"]);
    }
  });

  test("are named in the error, with the attempt, and what they threw is its cause", async () => {
    const { run } = setUp();
    const cause = new Error("boom");
    const failed = dispatch([run("send\nmail", () => Promise.reject(cause))], [], context);
    await expect(failed).rejects.toMatchObject({
      name: "HandlerError",
      message: String.raw`The handler send\u{a}mail failed on attempt 3.`,
      cause,
    });
  });

  test("are given the event and the context", async () => {
    const seen: unknown[] = [];
    await dispatch([{ name: "a", event, handler: (...args) => void seen.push(...args) }], [], context);
    expect(seen).toEqual([event, context]);
  });

  test("there may be none", async () => {
    expect(await refusalOf(() => dispatch([], [], context))).toBe("nothing");
  });
});

describe("functions given to use", () => {
  test("run around every handler, the first one outermost", async () => {
    const { log, run, around } = setUp();
    await dispatch([run("a", settled), run("b")], [around("x"), around("y")], context);
    const each = (name: string): string[] => ["x in", "y in", `${name} starts`, `${name} ends`, "y out", "x out"];
    expect(log).toEqual([...each("a"), ...each("b")]);
  });

  test("see the event as their handler does, and the context", async () => {
    const { run } = setUp();
    const other = { ...event, payload: "of another schema" };
    const seen: unknown[] = [];
    const look: Around<unknown, unknown> = (...[seenEvent, seenContext, next]) => {
      seen.push(seenEvent, seenContext);
      return next();
    };
    await dispatch([run("a"), { ...run("b"), event: other }], [look], context);
    expect(seen).toEqual([event, context, other, context]);
  });

  test.each<readonly [string, Around<unknown, unknown>]>([
    ["throws before the handler", fail("around")],
    [
      "throws after the handler",
      async (_event, _context, next) => {
        await next();
        fail("around")();
      },
    ],
  ])("fail the delivery when one %s", async (_when, around) => {
    const { run } = setUp();
    expect(await causeOf(dispatch([run("a")], [around], context))).toBe("around");
  });

  test("fail the delivery when one ends without running the handler", async () => {
    const { log, run } = setUp();
    expect(await refusalOf(() => dispatch([run("a")], [() => {}], context))).toBe("ERR_HANDLER_FAILED 500");
    expect(log).toEqual([]);
  });

  test("cannot run the handler twice", async () => {
    const { log, run } = setUp();
    const twice: Around<unknown, unknown> = async (_event, _context, next) => {
      await next();
      await next();
    };
    await dispatch([run("a")], [twice], context);
    expect(log).toEqual(["a starts", "a ends"]);
  });

  test("cannot run the handler after they have ended: by then the event may be running again", async () => {
    const { log, run } = setUp();
    let late: (() => Promise<void>) | undefined;
    const tooLate: Around<unknown, unknown> = (_event, _context, next) => {
      late = next;
    };
    expect(await causeOf(dispatch([run("a")], [tooLate], context))).toContain("without calling next()");
    await expect(late?.()).rejects.toThrow("too late");
    expect(log).toEqual([]);
  });
});

describe("a handler that fails is a failure whatever a function given to use does about it:", () => {
  const ways: readonly (readonly [string, Around<unknown, unknown>])[] = [
    ["returns next()", (_event, _context, next) => next()],
    [
      "awaits next()",
      async (_event, _context, next) => {
        await next();
      },
    ],
    ["forgets to await next()", (_event, _context, next) => void next()],
    [
      "forgets to await next() and takes longer itself",
      async (_event, _context, next) => {
        void next();
        await settled();
        await settled();
        await settled();
      },
    ],
    [
      "catches what next() throws",
      async (_event, _context, next) => {
        await next().catch(() => {});
      },
    ],
    ["forgets to await a catch", (_event, _context, next) => void next().catch(() => {})],
    [
      "throws while the handler runs",
      async (_event, _context, next) => {
        void next();
        fail("around")();
      },
    ],
  ];

  test.each(ways)("it %s", async (_what, around) => {
    for (const work of [fail(), failLater]) {
      const { run } = setUp();
      expect(await refusalOf(() => dispatch([run("a", work)], [around], context))).toBe("ERR_HANDLER_FAILED 500");
    }
  });

  test.each(ways.slice(0, 6))("a handler that succeeds late is waited for when it %s", async (_what, around) => {
    const { log, run } = setUp();
    await dispatch([run("a", settled)], [around], context);
    expect(log).toEqual(["a starts", "a ends"]);
  });

  test("the claim is not given back while a handler that nobody waits for is at it", async () => {
    const { log, run } = setUp();
    const [, throwWhileItRuns] = ways[6] ?? [];
    if (throwWhileItRuns === undefined) expect.unreachable();
    expect(await causeOf(dispatch([run("a", settled)], [throwWhileItRuns], context))).toBe("around");
    expect(log).toEqual(["a starts", "a ends"]);
  });
});
