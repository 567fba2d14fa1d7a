import { onTestFinished } from "vitest";
import { createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import { type Host, hosts } from "./lifecycle/hosts.ts";
import type { Program } from "./lifecycle/program.ts";
import { configOf, type ProgramOptions, programOf } from "./support.ts";

/** What a stack can be told, whatever its resources. */
export interface StackOptions extends Omit<ProgramOptions, "form"> {
  /** What runs the program. Default: the plugin, whose steps take a third of the dynamic host's time. */
  host?: Host["name"];
}

/** A stack on the real engine, from program to program. */
export interface Stack {
  workspace: Workspace;
  /** Replaces the program. */
  declare(program: Program): Promise<void>;
}

/** Starts a stack with a program of resources only; it is removed when the test ends. */
export async function startStack(program: Program, options: StackOptions = {}): Promise<Stack> {
  const stack = await openStack(program, options);
  onTestFinished(() => stack.workspace.dispose());
  return stack;
}

/** Starts a stack that its caller disposes of. */
export async function openStack(
  program: Program,
  { host: name = "plugin", config = {}, env }: StackOptions = {},
): Promise<Stack> {
  const host = hosts.find((one) => one.name === name);
  if (!host) throw new Error(`there is no host ${name}`);
  const workspace = await host.start(config, env);
  await host.declare(workspace, program);
  return { workspace, declare: (next) => host.declare(workspace, next) };
}

/** A stack of the dynamic host whose program is TypeScript, for what resources alone do not say. */
export interface ProgramStack {
  workspace: Workspace;
  /** Replaces the program by one with these statements. */
  declare(statements: string): Promise<void>;
}

/**
 * Starts a stack of a TypeScript program; it is removed when the test ends.
 *
 * @param statements the program, except for its imports
 */
export async function startProgram(
  statements: string,
  { config = {}, ...options }: ProgramOptions = {},
): Promise<ProgramStack> {
  const program = programOf(statements);
  const workspace = await createWorkspace({ program, config: configOf(config), ...options });
  onTestFinished(() => workspace.dispose());
  return { workspace, declare: (next) => workspace.setProgram(programOf(next)) };
}
