import { expect, it } from "vitest";

import { definedHeaders, splitUnsigned } from "./unsigned-headers.ts";

it("takes what is not signed out of a payload and leaves the payload as it was", () => {
  const payload = { a: 1, unsigned: { b: "2" } };
  expect(splitUnsigned(payload)).toEqual({ body: { a: 1 }, unsigned: { b: "2" } });
  expect(payload).toEqual({ a: 1, unsigned: { b: "2" } });
});

it.each([null, "text", 7, [1]])("leaves a payload alone that is no object: %j", (payload) => {
  expect(splitUnsigned(payload)).toEqual({ body: payload, unsigned: {} });
});

it("finds nothing where an override took it away", () => {
  expect(splitUnsigned({ a: 1 })).toEqual({ body: { a: 1 }, unsigned: {} });
  expect(definedHeaders({ a: "1", b: undefined, c: 3 })).toEqual({ a: "1" });
});
