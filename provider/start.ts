/*
 * What the executable runs. Any Node.js can read this file, so that one which is too old for the
 * plugin is told so: nothing here may need a newer one before that is known.
 */

/** The oldest Node.js that the provider runs on, as package.json's `engines` has it. */
const oldest = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `pulumi-resource-formations needs Node.js ${oldest.join(".")} or newer on PATH; this is ${process.versions.node} (${process.execPath}).`,
  );
  process.exitCode = 1;
} else {
  start();
}

/** A plugin starts several times an operation: what was compiled once is kept. */
function start(): void {
  const { enableCompileCache, flushCompileCache } =
    require("node:module") as typeof import("node:module");
  const folder = cacheFolder();
  // Where NODE_COMPILE_CACHE names a folder, that one is in use already.
  if (folder !== undefined) enableCompileCache(folder);
  require("./main");
  // The engine kills its plugins, so that Node.js can't do this at the process's end.
  flushCompileCache();
}

/**
 * A folder of the user's own, for in the temporary one others may write; undefined where none can be
 * made. Node.js makes it from its parent only: with more missing, some file systems have it try forever.
 */
function cacheFolder(): string | undefined {
  const { existsSync, mkdirSync } = require("node:fs") as typeof import("node:fs");
  const { join } = require("node:path") as typeof import("node:path");
  try {
    const caches = userCaches();
    const own = join(caches, "pulumi-formations");
    for (const folder of [caches, own]) {
      if (!existsSync(folder)) mkdirSync(folder);
    }
    return join(own, "node");
  } catch {
    return undefined;
  }
}

/** Where this system has its users' caches. */
function userCaches(): string {
  const { join } = require("node:path") as typeof import("node:path");
  const { homedir } = require("node:os") as typeof import("node:os");
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (process.platform === "win32") return LOCALAPPDATA || join(homedir(), "AppData", "Local");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  return XDG_CACHE_HOME || join(homedir(), ".cache");
}
