import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    // Has a configuration and a script of its own: `test:runtimes`.
    exclude: [...configDefaults.exclude, "test/runtimes/**"],
    // Child processes: a test that measures memory or listens for an unhandled rejection has a process of its own.
    pool: "forks",
    maxWorkers: "100%",
    // Type tests and servers on loopback need more than a unit test; nothing needs this long when all is well.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Spies and stubs never reach the next test.
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
