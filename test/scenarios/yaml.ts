import { onTestFinished } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { type ConfigValue, createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import type { Values } from "../../provider/resource/values.ts";
import { yamlProgram } from "../engine/yaml.ts";

export { reference } from "../engine/yaml.ts";

/** A resource of a YAML program. */
export interface YamlResource {
  type: string;
  properties: Values;
  options?: Values;
}

/** A YAML program on the plugin, from program to program. */
export interface YamlStack {
  workspace: Workspace;
  /** Replaces the program. */
  declare(resources: Record<string, YamlResource>, outputs?: Values): Promise<void>;
}

/** A Pulumi.yaml with a program of these resources, which runs the plugin of this clone. */
export async function yamlProject(
  resources: Record<string, YamlResource>,
  outputs: Values = {},
): Promise<string> {
  return yamlProgram(await compiledClone(), resources, outputs);
}

/** A Pulumi.yaml whose resources are those of a program that the engine wrote. */
export async function projectOf(generated: string): Promise<string> {
  const { resources: _, ...project }: Record<string, unknown> = JSON.parse(await yamlProject({}));
  const head = Object.entries(project).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${head.join("\n")}\n${generated}`;
}

/** Starts a stack whose program is YAML; it is removed when the test ends. */
export async function yamlStack(
  resources: Record<string, YamlResource>,
  config: Record<string, ConfigValue>,
  outputs: Values = {},
): Promise<YamlStack> {
  const stack = await openYamlStack(resources, config, outputs);
  onTestFinished(() => stack.workspace.dispose());
  return stack;
}

/** Starts a stack whose program is YAML, of which its caller disposes. */
export async function openYamlStack(
  resources: Record<string, YamlResource>,
  config: Record<string, ConfigValue>,
  outputs: Values = {},
): Promise<YamlStack> {
  const files = { "Pulumi.yaml": await yamlProject(resources, outputs) };
  const workspace = await createWorkspace({ program: "", files, config, package: "none" });
  return {
    workspace,
    declare: async (next, nextOutputs) =>
      workspace.writeFile("Pulumi.yaml", await yamlProject(next, nextOutputs)),
  };
}
