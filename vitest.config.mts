import { configDefaults, defineConfig } from "vitest/config";

/** Tests that drive the real Pulumi engine; its set-up runs only when one of them is selected. */
const scenarios = ["test/scenarios/**/*.test.ts", "test/**/*.scenario.test.ts"];

export default defineConfig({
  test: {
    // Each scenario starts an engine, a program and its provider: more at once would only wait.
    maxWorkers: 2,
    reporters: ["default", "./test/engine/summary-reporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...scenarios],
          testTimeout: 10_000,
          // By default a second, which a busy machine may need for one step.
          expect: { poll: { timeout: 8_000 } },
        },
      },
      {
        test: {
          name: "scenario",
          include: scenarios,
          globalSetup: ["test/engine/global-setup.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
