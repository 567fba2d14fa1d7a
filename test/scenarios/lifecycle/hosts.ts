import { createWorkspace, type Workspace } from "../../../build/engine/workspace.ts";
import { type Config, configOf } from "../support.ts";
import { yamlProject } from "../yaml.ts";
import { inTypeScript, inYaml, type Program } from "./program.ts";

/** One way in which the engine runs the definitions. */
export interface Host {
  name: "dynamic" | "plugin";
  /**
   * Starts a stack, without a resource; its caller disposes of it.
   *
   * @param env of every command
   */
  start(config: Config, env?: Record<string, string>): Promise<Workspace>;
  /** Replaces the stack's program. */
  declare(workspace: Workspace, program: Program): Promise<void>;
}

/** A TypeScript program with the classes of the packed package. */
const dynamic: Host = {
  name: "dynamic",
  start: (config, env) => createWorkspace({ program: "", config: configOf(config), env }),
  declare: (workspace, program) => workspace.setProgram(inTypeScript(program)),
};

/** A YAML program on the plugin of this clone. */
const plugin: Host = {
  name: "plugin",
  start: async (config, env) => {
    const files = { "Pulumi.yaml": await yamlProject({}) };
    return createWorkspace({ program: "", files, config: configOf(config), package: "none", env });
  },
  declare: async (workspace, program) =>
    workspace.writeFile("Pulumi.yaml", await yamlProject(inYaml(program))),
};

export const hosts: readonly Host[] = [dynamic, plugin];
