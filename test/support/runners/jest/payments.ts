import { sendOne } from "../send-one.ts";

// Jest puts these in scope. Their types are in a package that nothing else here needs.
declare function test(name: string, run: () => Promise<void>): void;
declare function expect(value: unknown): { toBe(expected: unknown): void };

test("an event is handled once", async () => {
  const [direct, overHttp] = await sendOne();
  expect(direct?.outcome).toBe(process.env.EXPECTED_OUTCOME);
  expect(overHttp?.outcome).toBe("duplicate");
});
