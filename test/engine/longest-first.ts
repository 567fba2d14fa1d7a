import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longest, by the end of their path. */
export const longest = [
  "test/kills/kills.exhaustive.test.ts",
  "test/distribution/layouts.exhaustive.test.ts",
  "test/scenarios/faults/timeouts.exhaustive.test.ts",
  "test/scenarios/faults/answers.exhaustive.test.ts",
  "test/scenarios/sdks.exhaustive.test.ts",
  "test/scenarios/first-steps.exhaustive.test.ts",
  "test/scenarios/explain-options.exhaustive.test.ts",
  "test/scenarios/policy.exhaustive.test.ts",
  "test/scenarios/faults/connections.exhaustive.test.ts",
  "test/scenarios/explain-rows.exhaustive.test.ts",
  "test/scenarios/recover-kills.exhaustive.test.ts",
  "test/scenarios/formation-failures.exhaustive.test.ts",
  "test/scenarios/faults/delays.exhaustive.test.ts",
  "test/scenarios/antfly-restore.exhaustive.test.ts",
  "test/scenarios/replica-refusals.exhaustive.test.ts",
  "test/pull-requests/github.exhaustive.test.ts",
  "test/cli/environments/hostile.test.ts",
  "test/scenarios/recover.test.ts",
  "test/scenarios/faults/faults.test.ts",
  "test/kills/kills.scenario.test.ts",
  "test/scenarios/secrets.test.ts",
  "test/scenarios/plugin-interruption.test.ts",
  "test/cli/backups/processes.test.ts",
  "test/plugin/hostile.test.ts",
];

/**
 * Begins the longest files first. A fresh clone knows no durations, and a long file that begins last
 * leaves the other workers idle until it ends.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((path) => moduleId.endsWith(path));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
