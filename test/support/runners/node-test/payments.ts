import { equal } from "node:assert/strict";
import { test } from "node:test";

import { sendOne } from "../send-one.ts";

void test("an event is handled once", async () => {
  const [direct, overHttp] = await sendOne();
  equal(direct?.outcome, process.env.EXPECTED_OUTCOME);
  equal(overHttp?.outcome, "duplicate");
});
