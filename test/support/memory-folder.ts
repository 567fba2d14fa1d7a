import { mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";

/** Where Linux keeps files in memory. */
const memory = "/dev/shm";

/** What the tests of all workers may have in their folders at once, in bytes: a few copies of `node_modules`. */
const room = 4 * 2 ** 30;

/**
 * Puts the temporary files of this process, and of those that it starts, into memory: an engine writes its
 * state after each step, and a disk makes it wait for that. Where there is no memory to spare, or nothing may
 * be run from there, they stay where they are, as they do where `TMPDIR` is set.
 */
export function keepTemporaryFilesInMemory(): void {
  if (process.env.TMPDIR !== undefined || !hasRoom()) return;
  const folder = mkdtempSync(join(memory, "formations-tests-"));
  process.env.TMPDIR = folder;
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}

function hasRoom(): boolean {
  if (process.platform !== "linux") return false;
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const options = mounts.map((line) => line.split(" ")).find(([, at]) => at === memory)?.[3];
  if (options === undefined || options.split(",").includes("noexec")) return false;
  const { bavail, bsize } = statfsSync(memory);
  // The workers and the engine need as much again.
  return bavail * bsize >= room && process.availableMemory() >= 2 * room;
}
