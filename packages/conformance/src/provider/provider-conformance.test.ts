import { describe, expect, test } from "vitest";

import { casesFor, gullMock, run, verifying } from "../test-support/gull.ts";
import type { Change } from "../test-support/gull.ts";
import { providerConformance } from "./provider-conformance.ts";

describe("a provider that conforms", () => {
  test.each(casesFor())("$name", async (one) => expect(one.run()).resolves.toBeUndefined());
});

describe("what a platform is said to do otherwise", () => {
  test("is a case that must fail, with its reason in the name", async () => {
    const doesNotApply = { "own-id": "Gulls have no memory" } as const;
    const { name } = casesFor(undefined, { doesNotApply }).find((one) => one.name.startsWith("own-id")) ?? {};
    expect(name).toBe("own-id: does not apply: Gulls have no memory");
    await expect(run("own-id", undefined, { doesNotApply })).rejects.toThrow("but it passes");
    await expect(run("own-id", () => ({ id: "type" }), { doesNotApply })).resolves.toBeUndefined();
  });

  test("needs a reason", () => {
    expect(() => casesFor(undefined, { doesNotApply: { rotation: " " } })).toThrow("needs a reason");
  });

  test("is a header in the event id, where that is true", async () => {
    const unsignedInId = { "x-gull-try": "Gulls try until they succeed" };
    await expect(run("unsigned-parts", undefined, { unsignedInId })).rejects.toThrow("is not what it says");
    const change: Change = () => ({ id: (body, delivery) => `${String(body["id"])} ${delivery.header("x-gull-try")}` });
    await expect(run("unsigned-parts", change, { unsignedInId })).resolves.toBeUndefined();
  });

  test("is a part of the payload that is not signed", async () => {
    const signedPart = (payload: unknown): unknown => payload;
    await expect(run("body-changes", undefined, { signedPart })).resolves.toBeUndefined();
    const believing = verifying(({ body }) => body);
    await expect(run("body-changes", believing, { signedPart })).rejects.toThrow("says something else");
  });

  test("is a key, without which there is nothing to rotate", async () => {
    const cases = providerConformance({
      mock: () => gullMock(() => ({})),
      signature: { header: "x-gull-signature" },
      doesNotApply: { rotation: "It has none" },
    });
    await expect(cases.find(({ name }) => name.startsWith("rotation"))?.run()).resolves.toBeUndefined();
    await expect(cases.find(({ name }) => name.startsWith("missing-key"))?.run()).rejects.toThrow("keys is not given");
  });
});
