import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";
import { userCaches } from "./cache-folder";
import { replaceFile } from "./replace-file";

/**
 * How far a process had come when its code was kept: it had started, or it had also carried out an
 * operation on a server, which calls as many functions again.
 */
export type Stage = "started" | "used";

/** How the names of the stages' files end. */
const endings = { used: "-used", started: "" } as const satisfies Record<Stage, string>;

/** A script that ran. */
export interface Run<Exports> {
  exports: Exports;
  /** The stage of the kept code that it ran from; undefined: all was compiled anew. */
  kept: Stage | undefined;
  /** Keeps what is compiled of it by now, for the processes to come. Nothing where that can't be kept. */
  keep(stage: Stage): void;
}

/**
 * Runs a CommonJS script, which is all ASCII, from the code that V8 compiled of it in an earlier
 * process. Node.js' own compile cache holds what a script's first line compiles; this one also holds
 * the functions that were called until it was kept, which is most of what a process compiles.
 *
 * @param name what the kept files' names begin with
 */
export function runCompiled<Exports>(name: string, file: string): Run<Exports> {
  const source = readFileSync(file);
  const base = keptFile(name, source);
  const fileOf = (stage: Stage) => `${base}${endings[stage]}`;
  const stages: readonly Stage[] = base === undefined ? [] : ["used", "started"];
  const kept = stages.find((stage) => existsSync(fileOf(stage)));
  const cachedData = kept && readFileSync(fileOf(kept));
  const text = `(function (exports, require, module, __filename, __dirname) {${source.toString("latin1")}\n})`;
  const script = new Script(text, { filename: file, cachedData });
  const module = { exports: {} as Exports };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return {
    exports: module.exports,
    kept: script.cachedDataRejected === true ? undefined : kept,
    keep(stage) {
      if (base !== undefined) write(fileOf(stage), script);
    },
  };
}

/** How the names begin of the files with a script's code, by its content; undefined where no folder can be made. */
function keptFile(name: string, source: Buffer): string | undefined {
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
  const node = `node-${process.versions.node}-${process.arch}`;
  return join(folder, `${name}-${crc32(source).toString(16)}-${node}`);
}

/** What can't be kept is compiled again. */
function write(file: string, script: Script): void {
  try {
    replaceFile(file, script.createCachedData());
  } catch {
    // A full disk, or a folder that can't be written to.
  }
}
