import { expect, test } from "vitest";

import { mergeDeep } from "../merge-deep.ts";
import { toWireForm } from "./wire-form.ts";
import type { LoosePayload } from "./wire-form.ts";

const form = {
  id: "1",
  created: "1790000000",
  resource: { amount: "10.00", count: "3", active: "true", revoked: "1", note: "" },
  type: "a.b",
};
const fixture: LoosePayload = {
  ...form,
  created: 1790000000,
  resource: { amount: 10, count: 3, active: true, revoked: true, note: "" },
  misfits: [],
  form,
};

/** The form that is sent for the fixture with overrides. */
function wire(overrides: object) {
  const payload: object = mergeDeep(fixture, overrides) as object; // as its first argument is
  return toWireForm(Object.fromEntries(Object.entries(payload)), fixture);
}

/** The resource that is sent for the fixture with overrides. */
function resource(overrides: object) {
  return wire({ resource: overrides })["resource"];
}

test("sends the fixture's own texts where nothing is overridden", () => {
  expect(wire({})).toEqual(form);
  expect(Object.keys(wire({}))).toEqual(Object.keys(form));
});

test("writes changed values as InPlayer does: amounts with two decimals, booleans in the field's manner", () => {
  expect(resource({ amount: 5, count: 4, active: false, revoked: false, note: "late" })).toEqual({
    amount: "5.00",
    count: "4",
    active: "false",
    revoked: "0",
    note: "late",
  });
  expect(resource({ amount: 0.125 })).toMatchObject({ amount: "0.125" });
});

test("sends added fields and leaves removed ones out", () => {
  expect(resource({ amount: undefined, seat: 12, tags: ["a", null, 2], gift: { from: "Rui", card: null } })).toEqual({
    count: "3",
    active: "true",
    revoked: "1",
    note: "",
    seat: "12",
    tags: ["a", "", "2"],
    gift: { from: "Rui" },
  });
});

test("leaves out what PHP leaves out", () => {
  const { resource: texts } = wire({ resource: { tags: [], gift: {}, note: null } });
  expect(texts).toEqual({ amount: "10.00", count: "3", active: "true", revoked: "1" });
  expect(wire({ resource: undefined })).toEqual({ id: "1", created: "1790000000", type: "a.b" });
});

test("changes what stands beside the resource", () => {
  expect(wire({ id: "2", created: 1790000001, version: "2.4.2" })).toEqual({
    ...form,
    id: "2",
    created: "1790000001",
    version: "2.4.2",
  });
  expect(wire({ id: undefined })).not.toHaveProperty("id");
});

test("sends an overridden text as it is, and before a changed value", () => {
  const overrides = {
    form: { id: "3", resource: { amount: "abc", note: undefined } },
    resource: { amount: 5, count: 4 },
  };
  expect(wire(overrides)).toEqual({
    ...form,
    id: "3",
    resource: { amount: "abc", count: "4", active: "true", revoked: "1" },
  });
});

test.each([["text"], [["a", "b"]]])("sends %j where the resource is, when told to", (given) => {
  expect(wire({ form: { resource: given } })).toEqual({ ...form, resource: given });
});

test("never sends misfits", () => {
  expect(wire({ misfits: ["resource.amount"] })).toEqual(form);
});

test("sends a payload that has no fixture", () => {
  expect(toWireForm({ id: "1", type: "x", created: 5, resource: { a: true, b: 1.5 } })).toEqual({
    id: "1",
    type: "x",
    created: "5",
    resource: { a: "true", b: "1.5" },
  });
});
