import type { Command } from "commander";
import { addImportFlags, type ImportFlags } from "./flags";
import type { Inventory } from "./model";

/** The files that the user asks for, as flags give them. */
export interface FileFlags extends ImportFlags {
  /** For `pulumi import --file`. */
  import?: string;
  /** What `pulumi preview --import-file` wrote: its IDs are filled in. */
  complete?: string;
  /** For `formations recover --adopt-file`. */
  adoptFile?: string;
  /** A program that uses the classes. */
  typescript?: string;
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
  command.option("--import <file>", "write a file for `pulumi import --file`");
  return addImportFlags(command, "with --import: ")
    .option("--complete <file>", "fill in the IDs of what `pulumi preview --import-file` wrote")
    .option("--adopt-file <file>", "write a file for `formations recover --adopt-file`")
    .option("--typescript <file>", "write a program that uses the TypeScript classes");
}

/**
 * Checks the flags about files, and reads the files that are to be completed, before anything is requested.
 *
 * @returns undefined: no file is asked for
 * @throws WrongDiscovery if a file can't be read, or the flags conflict
 */
export async function prepareFiles(
  flags: FileFlags & { stack?: readonly string[]; cwd?: string },
): Promise<WriteFiles | undefined> {
  const { import: list, read, provider, complete, adoptFile, typescript, secretValues } = flags;
  const asked = [list, read, provider, complete, adoptFile, typescript, secretValues];
  if (asked.every((one) => one === undefined)) return undefined;
  // Loaded here, so that no other command waits for it.
  const { prepared } = await import("./output/write.js");
  return prepared(flags);
}
