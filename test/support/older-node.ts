import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownTemporaryFolder } from "./temporary-folder.ts";

/** This Node.js under another version's number. */
export interface OtherNode {
  /** The folder of its executable, for a PATH. */
  folder: string;
  /** The executable, `node`. */
  executable: string;
}

/** Makes a `node` that says it is of another version, or that it is Bun; it ends with the test. */
export function nodeOfVersion(versions: { node?: string; bun?: string }): OtherNode {
  const folder = ownTemporaryFolder();
  const preload = join(folder, "versions.cjs");
  writeFileSync(
    preload,
    `Object.defineProperty(process, "versions", { value: { ...process.versions, ...${JSON.stringify(versions)} } });`,
  );
  const executable = join(folder, "node");
  writeFileSync(executable, `#!/bin/sh\nexec "${process.execPath}" --require "${preload}" "$@"\n`);
  chmodSync(executable, 0o755);
  return { folder, executable };
}
