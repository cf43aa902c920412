import { configDefaults, defineConfig } from "vitest/config";

import base from "../../../vitest.config.ts";

// The unit tests of core, on the Node that runs Vitest.
export default defineConfig({
  test: {
    ...base.test,
    include: ["packages/core/src/**/*.test.ts"],
    exclude: configDefaults.exclude,
    setupFiles: ["test/runtimes/core/expect-node.ts"],
  },
});
