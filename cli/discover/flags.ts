import type { Command } from "commander";
import { collected, stacksFlag } from "../flags";

/** What is to be found, as flags give it. */
export interface FilterFlags {
  system?: string[];
  name?: string[];
  region?: string;
  app?: string[];
  environment?: string;
  stack?: string[];
}

/** How what was found is imported, as flags give it. */
export interface ImportFlags {
  /** Whether the engine is to read what is imported. */
  read?: boolean;
  /** The name of an explicit provider for what is imported. */
  provider?: string;
  /** A JSON object of the values of secrets, by key. */
  secretValues?: string;
}

/**
 * Adds the flags about what is to be found.
 *
 * @param stacks those that count without `--stack`, for its description. Default: none
 */
export function addFilterFlags(command: Command, stacks = "none"): Command {
  return command
    .optionsGroup("What is listed:")
    .option("--system <name>", "only this system, such as citus; repeatable", collected)
    .option("--name <pattern>", "only such names, with * and ?; repeatable", collected)
    .option("--region <region>", "only what is in this region")
    .option("--app <app>", "only this app of Akkeris, by name or ID; repeatable", collected)
    .option("--environment <name>", "only what is marked as this environment")
    .addOption(stacksFlag(stacks));
}

/**
 * Adds the flags about how what was found is imported.
 *
 * @param condition what they go with, for their descriptions: `with --import: `. Default: they always count
 */
export function addImportFlags(command: Command, condition = ""): Command {
  return command
    .option("--read", `${condition}let the engine read what it imports, as older ones must`)
    .option("--provider <name>", `${condition}the explicit provider that imports`)
    .option("--secret-values <file>", "the values of secrets: a JSON object, by key");
}
