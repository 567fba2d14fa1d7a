import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import lockfile from "proper-lockfile";

/** Prints one line for the person who watches a set-up. */
export type Say = (line: string) => void;

/**
 * The user's cache folder of this project, shared by all clones: `$XDG_CACHE_HOME` or `~/.cache`,
 * on Windows `%LOCALAPPDATA%`. Not the product's function: Node.js runs these files without a compiler,
 * which the product's modules are not made for.
 */
export function userCacheDirectory(env: NodeJS.ProcessEnv): string {
  const windows = process.platform === "win32" ? env.LOCALAPPDATA : undefined;
  const base = env.XDG_CACHE_HOME || windows || join(env.HOME || homedir(), ".cache");
  return join(base, "pulumi-formations");
}

/**
 * Makes a folder once. `fill` writes into a temporary folder beside it, which takes the final name
 * when it is complete: so a folder that exists is whole, and a crash leaves none by that name. Of
 * two set-ups at once the second waits and then finds the folder.
 */
export async function makeOnce(
  directory: string,
  fill: (temporary: string) => Promise<void>,
  say: Say = () => {},
): Promise<void> {
  if (existsSync(directory)) return;
  await alone(
    directory,
    async () => {
      if (existsSync(directory)) return;
      const temporary = `${directory}.${randomBytes(6).toString("hex")}.tmp`;
      try {
        await mkdir(temporary);
        await fill(temporary);
        await rename(temporary, directory);
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    },
    say,
  );
}

/** Runs `work` while no other process works on the same path; the lock of a dead one lapses. */
export async function alone(
  path: string,
  work: () => Promise<void>,
  say: Say = () => {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const release = await lock(path, say);
  try {
    await work();
  } finally {
    await release();
  }
}

async function lock(path: string, say: Say): Promise<() => Promise<void>> {
  const options = { lockfilePath: `${path}.lock`, realpath: false, stale: 30_000 };
  try {
    return await lockfile.lock(path, options);
  } catch {
    say(`Another process is making ${basename(path)}; waiting for it.`);
  }
  const retries = { forever: true, factor: 1, minTimeout: 200, maxTimeout: 500 };
  return lockfile.lock(path, { ...options, retries });
}
