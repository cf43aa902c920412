import { expect, test } from "vitest";

import { shelfPlace } from "../test-support/store-trial.ts";
import { storeConformance } from "./store-conformance.ts";

const place = shelfPlace(() => ({}));

test("what a store cannot do is a case that must fail, with its reason in the name", async () => {
  const [first] = storeConformance({ place, doesNotApply: { "one-winner": "Shelves have many doors" } });
  expect(first?.name).toBe("one-winner: does not apply: Shelves have many doors");
  await expect(first?.run()).rejects.toThrow("is said not to apply, but it passes");

  const cases = storeConformance({ place, doesNotApply: { outage: "A shelf stays where it is" } });
  await expect(cases.find(({ name }) => name.startsWith("outage"))?.run()).resolves.toBeUndefined();
});

test("what a store cannot do needs a reason", () => {
  expect(() => storeConformance({ place, doesNotApply: { outage: " " } })).toThrow("needs a reason");
});

test("nothing is opened before a case runs, and everything is closed and removed after it", async () => {
  const log: string[] = [];
  const cases = storeConformance({
    async place() {
      const made = await place();
      log.push("made");
      return {
        async open() {
          log.push("opened");
          const store = await made.open();
          return { ...store, close: () => (log.push("closed"), store.close()) };
        },
        async remove() {
          log.push("removed");
          await made.remove();
        },
      };
    },
  });
  expect(log).toEqual([]);
  await cases.find(({ name }) => name.startsWith("conflict"))?.run();
  expect(log).toEqual(["made", "opened", "closed", "removed"]);
});
