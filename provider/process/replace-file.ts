import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Replaces a file whole or not at all: whoever reads it meanwhile, and whoever is left after a kill,
 * has the one before.
 *
 * @param mode its permissions, less the process's umask
 * @param next the temporary file beside it, for a rename within one file system. Default: one of this
 * process's own, with an ending that no textfile collector reads
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  mode: number,
  next = `${path}.${process.pid}.tmp`,
): Promise<void> {
  try {
    await writeFile(next, content, { mode });
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}
