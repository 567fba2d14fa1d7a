import { join } from "node:path";
import { compiledClone } from "../../build/engine/package.ts";
import { type CommandResult, runCommand } from "../../build/engine/process.ts";
import type { Workspace } from "../../build/engine/workspace.ts";

/** Runs `formations` in a workspace's project, as a user does. */
export async function formations(
  workspace: Pick<Workspace, "project" | "env">,
  ...args: string[]
): Promise<CommandResult> {
  const cli = join(await compiledClone(), "bin", "cli", "main.js");
  const { project: cwd, env } = workspace;
  return runCommand(process.execPath, [cli, ...args], { cwd, env, timeoutMs: 120_000 });
}
