import { configDefaults, defineConfig } from "vitest/config";

import base from "../../vitest.config.ts";

// Bun, Deno and workerd, driven from the Node that the scripts run on.
export default defineConfig({
  test: { ...base.test, include: ["test/runtimes/**/*.test.ts"], exclude: configDefaults.exclude },
});
