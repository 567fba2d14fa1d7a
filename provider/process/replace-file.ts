import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What ends the names of temporary files; a textfile collector reads no such ending. */
const temporaryEnding = ".formations.tmp";

/** After this time a temporary file belongs to a process that was killed: milliseconds. */
const abandonedAfter = 60 * 60_000;

/**
 * Writes a file whole or not at all: anyone who reads it meanwhile gets the previous one. It is done
 * when this returns, so that a process which ends right afterwards leaves nothing half done.
 *
 * A process that is killed here leaves a temporary file beside it, which a later call in the same
 * folder removes.
 *
 * @param mode its permissions, less the process's umask; default: Node.js's, 0o666
 * @throws Error of the file system, with the previous file untouched
 */
export function replaceFile(path: string, content: string | Uint8Array, mode?: number): void {
  const unique = `${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
  // In the same folder, since a rename must not leave the file system.
  const temporary = `${path}.${unique}${temporaryEnding}`;
  try {
    writeFileSync(temporary, content, { mode, flag: "wx" });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  removeAbandoned(dirname(path));
}

/** Another process may do the same at the same time; what is left then is for a later call. */
function removeAbandoned(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      if (!name.endsWith(temporaryEnding)) continue;
      const file = join(folder, name);
      if (Date.now() - statSync(file).mtimeMs > abandonedAfter) rmSync(file, { force: true });
    }
  } catch {
    // The file is in place, which is what the caller asked for.
  }
}
