import { copyFile, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import type { CommandResult, Workspace } from "../../build/engine/workspace.ts";
import { packageVersion } from "../../provider/process/version.ts";

/** Installs the plugin of this clone for a workspace's engine, as the archive of a release is installed. */
export async function installPlugin({ env }: Workspace): Promise<void> {
  const clone = await compiledClone();
  const name = `resource-formations-v${packageVersion()}`;
  const folder = join(env.PULUMI_HOME ?? "", "plugins", name);
  await mkdir(folder, { recursive: true });
  const executable = "pulumi-resource-formations";
  await copyFile(join(clone, executable), join(folder, executable));
  await symlink(join(clone, "bin"), join(folder, "bin"), "junction");
}

/** What `pulumi do` is told of a resource. */
export interface DoOptions {
  /** Works on no stack, without asking. */
  isStateless?: boolean;
  /** Inputs that have no flags: the text of a file in PCL. */
  pcl?: string;
}

/** Runs `pulumi do` with a resource or a function. */
export async function pulumiDo(
  workspace: Workspace,
  [name, ...args]: readonly [string, ...string[]],
  { isStateless = false, pcl }: DoOptions = {},
): Promise<CommandResult> {
  const flags = isStateless ? ["--stateless", "--yes"] : [];
  if (pcl !== undefined) {
    await workspace.writeFile("inputs.pp", pcl);
    flags.push("--input", "pcl", "--input-file", "inputs.pp");
  }
  return workspace.pulumi(["do", `formations:index:${name}`, ...args, ...flags]);
}

/** The JSON that a command printed; fails the test where it failed or printed anything else. */
export async function printed(command: Promise<CommandResult>): Promise<unknown> {
  const { code, stdout, stderr } = await command;
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}
