import { onTestFinished } from "vitest";
import type { ProgramForm } from "../../build/engine/project.ts";
import {
  type ConfigValue,
  createWorkspace,
  type OperationResult,
  type Workspace,
} from "../../build/engine/workspace.ts";
import { functions, resources } from "../../provider/index.ts";

export { recover } from "../engine/recover.ts";

/** Arguments of a resource as a program has them; absent ones are left out. */
export type Args = Record<string, unknown>;

/** Configuration of a stack, by key without the namespace; null leaves a key out. */
export type Config = Record<string, ConfigValue | null>;

/** What a stack can be told, whatever its resources. */
export interface ProgramOptions {
  /** Replaces configuration of the stack. */
  config?: Config;
  /** Of every command. */
  env?: Record<string, string>;
  /** What the engine gets of the program. Default: `compiled`. */
  form?: ProgramForm;
}

/** A stack on the real engine, from program to program. */
export interface Stack {
  workspace: Workspace;
  /** Replaces the program by one with these statements. */
  declare(statements: string): Promise<void>;
}

/**
 * Starts a stack; it is removed when the test ends.
 *
 * @param statements the program, save for its imports
 */
export async function startStack(statements: string, options: ProgramOptions): Promise<Stack> {
  const { config = {}, ...rest } = options;
  const program = programOf(statements);
  const workspace = await createWorkspace({ program, config: configOf(config), ...rest });
  onTestFinished(() => workspace.dispose());
  return { workspace, declare: (next) => workspace.setProgram(programOf(next)) };
}

/** One statement of a program that declares a resource and exports it under its name. */
export function declaration(type: string, args: Args, options = "{}", name = "it"): string {
  return `export const ${name} = new ${type}("${name}", ${JSON.stringify(args)}, ${options});`;
}

/** All that the user was told, as one text. */
export function told({ diagnostics }: OperationResult): string {
  return diagnostics.map(({ severity, message }) => `${severity}: ${message}`).join("\n");
}

/** What the engine did or would do, step by step, resources that stay as they are left out. */
export function opsOf({ steps }: OperationResult): string[] {
  return steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
}

/** What was refused, as the engine says it of the resource: the property first. */
export function refusals({ diagnostics }: OperationResult): string[] {
  const found = diagnostics.filter(({ severity, urn }) => severity === "error" && urn);
  return found.map(({ message }) => message.replace(/^.*?: property /, "")).toSorted();
}

/** A program with these statements, in which everything of the package has its own name. */
export function programOf(statements: string): string {
  const names = [
    ...resources.map(({ name }) => name),
    ...functions.flatMap(({ name }) => [name, `${name}Output`]),
  ];
  return [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { ${names.join(", ")} } from "pulumi-formations";`,
    statements,
  ].join("\n");
}

/** Configuration by whole key. */
export function configOf(values: Config): Record<string, ConfigValue> {
  const config: Record<string, ConfigValue> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== null) config[`formations:${key}`] = value;
  }
  return config;
}
