import { configDefaults, defineConfig } from "vitest/config";
import LongestFirst from "./test/engine/longest-first.ts";
import { keepTemporaryFilesInMemory } from "./test/support/memory-folder.ts";

keepTemporaryFilesInMemory();

/** The long versions, which `npm test` leaves to `npm run exhaustive`. */
const exhaustive = ["test/**/*.exhaustive.test.ts"];

/** Suites that `npm run exhaustive` takes again: against the real servers, and with more examples. */
const widened = [
  "test/antfly/conformance.test.ts",
  "test/simulators/antfly/conformance.test.ts",
  "test/model/*.test.ts",
  "test/cli/explain/{budget,escaping}.test.ts",
  "test/scenarios/lifecycle/{app-formation,formation,replica}.test.ts",
  "test/scenarios/secrets.test.ts",
  "test/cli/environments/hostile.test.ts",
];

/** Tests that drive the real Pulumi engine; its set-up runs only when one of them is selected. */
const scenarios = ["test/scenarios/**/*.test.ts", "test/**/*.scenario.test.ts"];

/** No limit tells how fast a machine is: each only ends what would hang. */
const engineLimits = {
  globalSetup: ["test/engine/global-setup.ts"],
  testTimeout: 180_000,
  hookTimeout: 180_000,
};

/** What is also played on the oldest engine that is supported: every verb of every resource, mostly on the plugin. */
const onOldestEngine = ["test/scenarios/lifecycle/*.test.ts"];

export default defineConfig({
  test: {
    // For the two cores of CI. Tests spend time in pauses and deadlines, which two more fill.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./test/engine/summary-reporter.ts"],
    // By default a second, which a busy machine may need for one step.
    expect: { poll: { timeout: 8_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // Loading the modules anew for each file takes half of these tests' time.
          isolate: false,
          unstubEnvs: true,
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...scenarios, ...exhaustive],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "scenario",
          include: scenarios,
          exclude: [...configDefaults.exclude, ...exhaustive],
          ...engineLimits,
        },
      },
      {
        extends: true,
        test: {
          name: "exhaustive",
          include: [...exhaustive, ...widened],
          // Without the examples that `npm test` tries.
          env: { FORMATIONS_EXHAUSTIVE: "1", MODEL_RUNS: "4", MODEL_SKIP: "1" },
          ...engineLimits,
        },
      },
      {
        extends: true,
        test: {
          name: "oldest-engine",
          include: onOldestEngine,
          env: { FORMATIONS_ENGINE_VERSION: "oldest" },
          ...engineLimits,
        },
      },
    ],
  },
});
