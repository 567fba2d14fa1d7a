import { github } from "./github.mts";
import { gitlab } from "./gitlab.mts";
import type { Platform } from "./platform.mts";

/** The platform that runs this job. */
export function currentPlatform(): Platform {
  return process.env.GITLAB_CI ? gitlab() : github();
}

/** Runs a script: a failure is told in its words, as the platform marks errors, and by the exit code. */
export async function run(script: (platform: Platform) => Promise<void>): Promise<void> {
  try {
    await script(currentPlatform());
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

/** Fails the job, and says why. */
export function fail(why: string): void {
  const isGitHub = !process.env.GITLAB_CI;
  // GitHub shows such a line, whose line breaks are encoded, above the log.
  const encoded = why.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  console.error(isGitHub ? `::error::${encoded}` : why);
  process.exitCode = 1;
}
