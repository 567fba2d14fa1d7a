import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Writes a file whole or not at all: who reads it meanwhile has the one before.
 *
 * @param mode its permissions, less the process's umask
 */
export async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  // Beside it, for a rename within one file system; a textfile collector reads no such ending.
  const next = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(next, content, { mode });
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}
