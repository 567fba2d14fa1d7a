import { onTestFinished } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import type { CommandResult } from "../../build/engine/process.ts";
import { type ConfigValue, createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import { yamlProject } from "./yaml.ts";

/** Where an {@link importing} writes the program. */
export const generated = "generated.yaml";

/** What a project with the converter has. */
export interface ConverterOptions {
  env?: Record<string, string>;
  config?: Record<string, ConfigValue>;
}

/** A YAML project on the plugin, whose engine finds the converter on the PATH. It ends with the test. */
export async function projectWithConverter({ env, config }: ConverterOptions): Promise<Workspace> {
  const files = { "Pulumi.yaml": await yamlProject({}) };
  const path = [await compiledClone()];
  const options = { program: "", files, package: "none", env, config, path } as const;
  const workspace = await createWorkspace(options);
  onTestFinished(() => workspace.dispose());
  return workspace;
}

/** Runs `pulumi import --from formations -- …`, which writes the program to {@link generated}. */
export function importing(
  workspace: Workspace,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<CommandResult> {
  const own = ["--yes", "--protect=false", "--out", generated, ...flags];
  return workspace.pulumi(["import", "--from", "formations", ...own, "--", ...args]);
}
