import { describe, expect, test } from "vitest";

import type { UnreadDelivery } from "../delivery.ts";
import { toIncomingDelivery } from "../incoming-delivery.ts";
import type { PlainDelivery } from "../incoming-delivery.ts";
import { refusalOf } from "../test-support/caught.ts";
import { TestClock } from "../test-support/test-clock.ts";
import { TestSource } from "../test-support/test-source.ts";
import { Room } from "../room.ts";
import { read } from "./read.ts";

/** A request that has passed `admit`. */
function unread(plain: PlainDelivery & Pick<UnreadDelivery, "body">): UnreadDelivery {
  return { ...toIncomingDelivery(plain), body: plain.body };
}

function setUp(body: UnreadDelivery["body"], declared?: string) {
  const clock = new TestClock();
  const incoming = unread({ headers: { "content-length": declared }, body });
  const reading = async (): Promise<Uint8Array> =>
    read(incoming, new Room(10), { maxBodyBytes: 10, bodyTimeoutMs: 1000, clock });
  return { clock, reading };
}

function setUpSource(declared?: string) {
  const source = new TestSource();
  const { clock, reading } = setUp(source, declared);
  const body = reading();
  body.catch(() => {}); // looked at below
  return { source, clock, body };
}

describe("a body that is there already", () => {
  test("is the very same bytes, without waiting", () => {
    const bytes = Buffer.from("ten bytes!");
    const incoming = unread({ headers: { "content-length": "10" }, body: bytes });
    expect(read(incoming, new Room(10), { maxBodyBytes: 10, bodyTimeoutMs: 1, clock: new TestClock() })).toBe(bytes);
  });

  test("may be empty", async () => {
    expect(await setUp(new Uint8Array(), "0").reading()).toHaveLength(0);
  });

  test("is refused one byte over the limit, and when its length is not the declared one", async () => {
    expect(await refusalOf(setUp(new Uint8Array(11)).reading)).toBe("ERR_BODY_TOO_LARGE 413");
    expect(await refusalOf(setUp(new Uint8Array(9), "10").reading)).toBe("ERR_CONTENT_LENGTH_INVALID 400");
    expect(await refusalOf(setUp(new Uint8Array(10), "9").reading)).toBe("ERR_CONTENT_LENGTH_INVALID 400");
  });
});

describe("a body that arrives", () => {
  test("is started once, joined and not stopped when it ends well", async () => {
    const { source, clock, body } = setUpSource();
    for (const text of ["abc", "", "d", "efghij"]) source.chunk(text);
    source.end();
    expect(Buffer.from(await body).toString()).toBe("abcdefghij");
    expect(source).toMatchObject({ starts: 1, stops: 0 });
    expect(clock.timers).toBe(0);
  });

  test("in one piece is not copied", async () => {
    const { source, body } = setUpSource("3");
    const bytes = Buffer.from("abc");
    source.chunk(bytes);
    source.end();
    expect(await body).toBe(bytes);
  });

  test("in pieces of one byte is taken up to exactly the limit", async () => {
    const { source, body } = setUpSource("10");
    for (const letter of "abcdefghij") source.chunk(letter);
    source.end();
    expect(Buffer.from(await body).toString()).toBe("abcdefghij");
  });

  test("may be nothing at all", async () => {
    const { source, body } = setUpSource();
    source.end();
    expect(await body).toHaveLength(0);
  });

  test("may arrive before start returns", async () => {
    const { reading, clock } = setUp({
      start(sink) {
        sink.chunk(Buffer.from("ab"));
        sink.end();
      },
      stop: () => expect.unreachable("It ended by itself."),
    });
    expect(await reading()).toHaveLength(2);
    expect(clock.timers).toBe(0);
  });

  test.each([[["a".repeat(11)]], [["a".repeat(10), "b"]], ["abcdefghijk".split("")]])(
    "is refused and stopped at the first byte over the limit: %j",
    async (chunks) => {
      const { source, clock, body } = setUpSource();
      for (const text of chunks) source.chunk(text);
      expect(source).toMatchObject({ starts: 1, stops: 1 });
      expect(await refusalOf(() => body)).toBe("ERR_BODY_TOO_LARGE 413");
      expect(clock.timers).toBe(0);
    },
  );

  test.each([
    ["less than was declared", "5", "abcd"],
    ["more than was declared", "5", "abcdef"],
  ])("is refused when it is %s", async (_what, declared, text) => {
    const { source, body } = setUpSource(declared);
    for (const letter of text) source.chunk(letter);
    source.end();
    expect(await refusalOf(() => body)).toBe("ERR_CONTENT_LENGTH_INVALID 400");
  });

  test("is refused and stopped at the deadline, even if a byte comes every now and then", async () => {
    const { source, clock, body } = setUpSource();
    for (let round = 0; round < 9; round++) {
      source.chunk("a");
      await clock.advance(111);
    }
    expect(source.stops).toBe(0);
    await clock.advance(1);
    expect(source.stops).toBe(1);
    expect(await refusalOf(() => body)).toBe("ERR_BODY_TIMEOUT 408");
  });

  test("is refused when the sender goes away, with why as the cause", async () => {
    const { source, clock, body } = setUpSource();
    source.chunk("a");
    const cause = new Error("socket hang up");
    source.fail(cause);
    await expect(body).rejects.toMatchObject({ code: "ERR_BODY_ABORTED", status: 400, cause });
    expect(source.stops).toBe(1);
    expect(clock.timers).toBe(0);
  });

  test("that cannot be started leaves no timer behind", async () => {
    const { reading, clock } = setUp({
      start() {
        throw new Error("The request is gone.");
      },
      stop() {},
    });
    await expect(reading()).rejects.toThrow("The request is gone.");
    expect(clock.timers).toBe(0);
  });
});

test("gives way to newer bodies when too many are on their way, and stops its source", async () => {
  const room = new Room(1);
  const options = { maxBodyBytes: 10, bodyTimeoutMs: 1000, clock: new TestClock() };
  const slow = new TestSource();
  const source = new TestSource();
  const oldest = read(unread({ headers: {}, body: slow }), room, options);
  const newest = read(unread({ headers: {}, body: source }), room, options);
  await expect(Promise.resolve(oldest)).rejects.toMatchObject({ code: "ERR_OVERLOADED", status: 503 });
  expect(slow.stops).toBe(1);
  source.chunk("{}");
  source.end();
  expect(Buffer.from(await newest).toString()).toBe("{}");
  expect(options.clock.timers).toBe(0);
});
