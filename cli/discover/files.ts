import type { Command } from "commander";
import { WrongDiscovery } from "./filters";
import type { Inventory } from "./model";

/** The files that the user asks for, as flags give them. */
export interface FileFlags {
  /** For `pulumi import --file`. */
  import?: string;
  /** Whether the engine is to read what is imported. */
  read?: boolean;
  /** The name of an explicit provider for what is imported. */
  provider?: string;
  /** What `pulumi preview --import-file` wrote: its IDs are filled in. */
  complete?: string;
  /** For `formations recover --adopt-file`. */
  adoptFile?: string;
  /** A program that uses the classes. */
  typescript?: string;
  /** A JSON object of the values of secrets, by key. */
  secretValues?: string;
}

/** What came of writing files. */
export interface Written {
  /** What is said of them on standard output. */
  lines: readonly string[];
  /** Whether something in them is left for the user to decide. */
  isOpen: boolean;
}

/** Writes files of what was found, even if that is not all. */
export type WriteFiles = (inventory: Inventory) => Promise<Written>;

/** Adds the flags about files. */
export function addFileFlags(command: Command): Command {
  return command
    .option("--import <file>", "write a file for `pulumi import --file`")
    .option("--read", "with --import: let the engine read what it imports, as older ones must")
    .option("--provider <name>", "with --import: the explicit provider that imports")
    .option("--complete <file>", "fill in the IDs of what `pulumi preview --import-file` wrote")
    .option("--adopt-file <file>", "write a file for `formations recover --adopt-file`")
    .option("--typescript <file>", "write a program that uses the TypeScript classes")
    .option("--secret-values <file>", "the values of secrets: a JSON object, by key");
}

/**
 * Checks the flags about files, and reads the files that are to be completed, before anything is requested.
 *
 * @returns undefined: no file is asked for
 * @throws WrongDiscovery if a file can't be read, or the flags conflict
 */
export async function prepareFiles(flags: FileFlags): Promise<WriteFiles | undefined> {
  const { import: list, read, provider, complete, adoptFile, typescript, secretValues } = flags;
  const asked = [list, read, provider, complete, adoptFile, typescript, secretValues];
  if (asked.every((one) => one === undefined)) return undefined;
  throw new WrongDiscovery("This version cannot write files yet.");
}
