import { runInNewContext } from "node:vm";

import { describe, expect, it } from "vitest";

import { mergeDeep } from "./merge-deep.ts";

describe("mergeDeep", () => {
  it("merges plain objects at every depth and keeps what is not named", () => {
    const merged = mergeDeep({ a: { b: 1, c: { d: 2, e: 3 } } }, { a: { c: { d: 4 } } });
    expect(merged).toEqual({ a: { b: 1, c: { d: 4, e: 3 } } });
  });

  it("replaces lists whole", () => {
    expect(mergeDeep({ list: [1, 2, 3] }, { list: [4] })).toEqual({ list: [4] });
  });

  it("removes a field that is set to undefined", () => {
    expect(Object.keys(mergeDeep({ a: 1, b: 2 }, { a: undefined }) ?? {})).toEqual(["b"]);
  });

  it("sets null, and puts an object where null was", () => {
    expect(mergeDeep({ a: { b: 1 }, c: null }, { a: null, c: { d: 1 } })).toEqual({ a: null, c: { d: 1 } });
  });

  it("leaves both arguments as they are", () => {
    const base = { a: { b: 1 } };
    const overrides = { a: { c: 2 } };
    mergeDeep(base, overrides);
    expect({ base, overrides }).toEqual({ base: { a: { b: 1 } }, overrides: { a: { c: 2 } } });
  });

  it("keeps a __proto__ field as a field", () => {
    const merged = mergeDeep({}, JSON.parse('{"__proto__":{"polluted":true},"a":{"__proto__":{"polluted":true}}}'));
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":true},"a":{"__proto__":{"polluted":true}}}');
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });

  it("replaces instances of classes, which are not plain", () => {
    const date = new Date(0);
    expect(mergeDeep({ at: { year: 1970 } }, { at: date })).toEqual({ at: date });
  });

  it("merges objects of another realm, as jest's tests make them", () => {
    const overrides: unknown = runInNewContext("({ a: { c: 2 } })");
    expect(mergeDeep({ a: { b: 1 } }, overrides)).toEqual({ a: { b: 1, c: 2 } });
  });
});
