import type { Reporter } from "vitest/node";

/**
 * Ends a run with a line that a machine can read: `N passed, N failed, N skipped`. A file that could
 * not be loaded and an error outside all tests count as a failure each.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd: Reporter["onTestRunEnd"] = (modules, unhandledErrors, reason) => {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      let failed = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") counts.passed++;
        else if (state === "failed") failed++;
        else counts.skipped++;
      }
      if (failed === 0 && module.state() === "failed") failed = 1;
      counts.failed += failed;
    }
    // A set-up that fails leaves no test to count, and a run without tests proves nothing.
    const unsuccessful = reason === "failed" || modules.length === 0;
    if (unsuccessful && counts.failed === 0) counts.failed = 1;
    const { passed, failed, skipped } = counts;
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  };
}
