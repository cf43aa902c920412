import { expect, test } from "vitest";

import { Room } from "./room.ts";
import { refusalOf } from "./test-support/caught.ts";

test("lets in as many proven deliveries as its limit, and the next one once one has left", async () => {
  const room = new Room(2);
  room.enter();
  room.assertOpen();
  room.enter();
  expect(await refusalOf(() => room.enter())).toBe("ERR_OVERLOADED 503");
  expect(await refusalOf(() => room.assertOpen())).toBe("ERR_OVERLOADED 503");
  room.leave();
  room.assertOpen();
  room.enter();
});

test("lets nobody in any more once it is closed", async () => {
  const room = new Room(2);
  room.close();
  expect(await refusalOf(() => room.assertOpen())).toBe("ERR_RECEIVER_CLOSED 503");
});

test("makes the oldest reader give way when there are too many, and no other", () => {
  const room = new Room(2);
  const gone: string[] = [];
  for (const name of ["a", "b", "c"]) room.startReading(({ code }) => void gone.push(`${name} ${code}`));
  expect(gone).toEqual(["a ERR_OVERLOADED"]);
  room.startReading(() => {});
  expect(gone).toEqual(["a ERR_OVERLOADED", "b ERR_OVERLOADED"]);
});

test("does not count a reader that has ended, however often it says so", () => {
  const room = new Room(1);
  const giveWay = (): never => expect.unreachable();
  for (let index = 0; index < 3; index++) {
    const end = room.startReading(giveWay);
    end();
    end();
  }
});

test("does not count readers against the proven", () => {
  const room = new Room(1);
  room.startReading(() => {});
  expect(() => {
    room.assertOpen();
    room.enter();
  }).not.toThrow();
});
