import { storeConformance } from "@hooklatch/conformance/store";
import { describe, test } from "vitest";

import { skipWithoutService } from "../support/services/find-service.ts";
import { storeRows } from "../support/store-rows.ts";

describe.each(Object.entries(storeRows))("%s", (_name, options) => {
  test.concurrent.for(storeConformance(options))("$name", async ({ run }, { expect, skip }) => {
    const running = run();
    await skipWithoutService({ skip }, running);
    await expect(running).resolves.toBeUndefined();
  });
});
