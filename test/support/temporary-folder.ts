import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";

/**
 * Gives the running test a temporary folder of its own, so that its rate budget is neither another
 * test's nor left behind.
 */
export function ownTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "formations-test-"));
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return folder;
}
