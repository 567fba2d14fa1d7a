import type { ProgramForm } from "../../build/engine/project.ts";
import type { ConfigValue, OperationResult } from "../../build/engine/workspace.ts";
import { functions, resources } from "../../provider/index.ts";

export { recover } from "../engine/recover.ts";

/** Configuration of a stack, by key without the namespace; null leaves a key out. */
export type Config = Record<string, ConfigValue | null>;

/** What a stack of a TypeScript program can be told. */
export interface ProgramOptions {
  /** Replaces configuration of the stack. */
  config?: Config;
  /** Of every command. */
  env?: Record<string, string>;
  /** What the engine gets of the program. Default: `compiled`. */
  form?: ProgramForm;
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

/** What the user was told about one resource as an error; "" if nothing. */
export function errorOf({ diagnostics }: OperationResult, name: string): string {
  return diagnostics
    .filter(({ severity, urn }) => severity === "error" && urn?.endsWith(`::${name}`))
    .map(({ message }) => message)
    .join("\n");
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
