import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";
import { userCaches } from "./cache-folder";
import { replaceFile } from "./replace-file";

/** A script that ran. */
export interface Run<Exports> {
  exports: Exports;
  /** Keeps what is compiled of it by now; absent where that is kept already, or can't be. */
  keep?: () => void;
}

/**
 * Runs a CommonJS script, which is all ASCII, from the code that V8 compiled of it in an earlier
 * process. Node.js' own compile cache holds what a script's first line compiles; this one also holds
 * the functions that were called until it was kept, which is most of what a start compiles.
 */
export function runCompiled<Exports>(file: string): Run<Exports> {
  const source = readFileSync(file);
  const kept = keptFile(source);
  const cachedData = kept !== undefined && existsSync(kept) ? readFileSync(kept) : undefined;
  const text = `(function (exports, require, module, __filename, __dirname) {${source.toString("latin1")}\n})`;
  const script = new Script(text, { filename: file, cachedData });
  const module = { exports: {} as Exports };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  const isKept = cachedData !== undefined && script.cachedDataRejected !== true;
  if (kept === undefined || isKept) return { exports: module.exports };
  return { exports: module.exports, keep: () => keep(kept, script) };
}

/** Where the code of a script is kept, by its content; undefined where no folder can be made. */
function keptFile(source: Buffer): string | undefined {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) return undefined;
  const caches = NODE_COMPILE_CACHE || userCaches();
  if (caches === undefined) return undefined;
  const folder = join(caches, "pulumi-formations");
  try {
    // One at a time: on some file systems a recursive mkdir never returns.
    for (const each of [caches, folder]) {
      if (!existsSync(each)) mkdirSync(each);
    }
  } catch {
    return undefined;
  }
  const name = `plugin-${crc32(source).toString(16)}-node-${process.versions.node}-${process.arch}`;
  return join(folder, name);
}

/** What can't be kept is compiled again. */
function keep(file: string, script: Script): void {
  try {
    replaceFile(file, script.createCachedData());
  } catch {
    // A full disk, or a folder that can't be written to.
  }
}
