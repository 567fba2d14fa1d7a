import { onTestFinished } from "vitest";
import { type ConfigValue, createWorkspace, type Workspace } from "../engine/workspace.ts";

/** Arguments of a resource as a program has them; absent ones are left out. */
export type Args = Record<string, unknown>;

/** A program that declares one resource, and exports it. */
export function programOf(type: string, args: Args, options = "{}"): string {
  return [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { ${type} } from "pulumi-formations";`,
    `export const resource = new ${type}("it", ${JSON.stringify(args)} as any, ${options});`,
  ].join("\n");
}

/** One resource under the real engine, from program to program. */
export interface Scenario {
  workspace: Workspace;
  /** Declares the resource anew. */
  declare(args: Args, options?: string): Promise<void>;
}

/** Starts a stack with one resource declared; it is removed when the test ends. */
export async function scenario(
  type: string,
  args: Args,
  config: Record<string, ConfigValue>,
  options?: string,
): Promise<Scenario> {
  const program = programOf(type, args, options);
  const workspace = await createWorkspace({ program, config });
  onTestFinished(() => workspace.dispose());
  return {
    workspace,
    declare: (next, nextOptions) => workspace.setProgram(programOf(type, next, nextOptions)),
  };
}
