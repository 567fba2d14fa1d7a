// Not node:fs/promises: the plugin's start imports this file, and an older Node.js must get past it.
import { promises as fs } from "node:fs";
import { dirname, join } from "node:path";

/** What ends the names of temporary files; a textfile collector reads no such ending. */
const temporaryEnding = ".formations.tmp";

/** After this time a temporary file belongs to a process that was killed: milliseconds. */
const abandonedAfter = 60 * 60_000;

/**
 * Writes a file whole or not at all: anyone who reads it meanwhile gets the previous one.
 *
 * A process that is killed here leaves a temporary file beside it, which a later call in the same
 * folder removes.
 *
 * @param mode its permissions, less the process's umask; default: Node.js's, 0o666
 * @throws Error of the file system, with the previous file untouched
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> {
  const unique = `${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
  // In the same folder, since a rename must not leave the file system.
  const temporary = `${path}.${unique}${temporaryEnding}`;
  try {
    await fs.writeFile(temporary, content, { mode, flag: "wx" });
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.unlink(temporary).catch(() => {});
    throw error;
  }
  await removeAbandoned(dirname(path)).catch(() => {});
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await fs.readdir(folder)) {
    if (!name.endsWith(temporaryEnding)) continue;
    const file = join(folder, name);
    const { mtimeMs } = await fs.stat(file);
    if (Date.now() - mtimeMs > abandonedAfter) await fs.unlink(file);
  }
}
