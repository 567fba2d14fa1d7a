import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { compiledClone } from "../../../build/engine/package.ts";
import { type RunningCommand, startCommand } from "../../../build/engine/process.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

/** A run of the compiled command. */
export interface DiscoverProcess extends RunningCommand {
  /** Where it writes what its hook finds out when it ends. */
  report: string;
}

/**
 * Starts the compiled `formations discover` in a process of its own, with nothing else in its environment.
 *
 * @param env its configuration
 * @param hook what it evaluates when it ends, to write it to `report`. Default: nothing
 */
export async function startDiscover(
  args: readonly string[],
  env: Record<string, string>,
  hook = "''",
): Promise<DiscoverProcess> {
  const folder = ownTemporaryFolder();
  const [script, report] = [join(folder, "hook.cjs"), join(folder, "report")];
  writeFileSync(
    script,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(report)}, ${hook}));`,
  );
  const cli = join(await compiledClone(), "bin", "cli", "main.js");
  const all = ["--require", script, cli, "discover", ...args];
  const command = startCommand(process.execPath, all, {
    env: { PATH: process.env.PATH, TMPDIR: folder, ...env },
    timeoutMs: 170_000,
  });
  onTestFinished(() => command.kill());
  return { ...command, report };
}
