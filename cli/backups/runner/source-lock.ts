import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isHeld, lockFile, type Release } from "../../../provider/process/file-lock";
import { isRunning } from "../../../provider/process/is-running";
import { preparePrivateFolder } from "../../../provider/process/private-folder";
import { replaceFile } from "../../../provider/process/replace-file";
import { inUtc } from "../../terminal/time";
import type { ScheduleSource } from "../schedules/schedule";
import { digest } from "./memory";

const holder = z.object({ pid: z.number(), since: z.number() });

/** The sources of a run, of which each has one runner per machine. */
export interface HeldSources {
  /** Those that this runner works on. */
  ours: ScheduleSource[];
  /** Those that another runner is working on, and who it is. */
  theirs: { source: ScheduleSource; runner: string }[];
  release(): Promise<void>;
}

/**
 * Locks each source against other runners of this user on this machine. A runner that was killed loses
 * its lock; this waits for that.
 *
 * @param now milliseconds since the epoch, for others to see
 * @param warn told if locking is impossible here; the runner then continues without a lock
 */
export async function lockSources(
  sources: readonly ScheduleSource[],
  folder: string,
  now: number,
  warn: (text: string) => void,
): Promise<HeldSources> {
  const releases: Release[] = [];
  const ours: ScheduleSource[] = [];
  const theirs: HeldSources["theirs"] = [];
  // In the same order in every runner.
  for (const source of sources.toSorted((one, other) => (one.key < other.key ? -1 : 1))) {
    const file = join(folder, `backups-runner-${digest(source.key)}`);
    try {
      await preparePrivateFolder(folder);
      releases.push(await lockOrTakeOver(file));
      replaceFile(file, JSON.stringify({ pid: process.pid, since: now }), 0o600);
      ours.push(source);
    } catch (error) {
      if (isHeld(error)) theirs.push({ source, runner: await describe(file) });
      else {
        warn(`Cannot lock ${source.title} against other runners on this machine: ${error}.`);
        ours.push(source);
      }
    }
  }
  const release = async () => void (await Promise.all(releases.map((one) => one())));
  return { ours: sources.filter((one) => ours.includes(one)), theirs, release };
}

/** Longer than the lock of a dead process lasts. */
const takeOver = { retries: 40, factor: 1, minTimeout: 250, maxTimeout: 250 };

async function lockOrTakeOver(file: string): Promise<Release> {
  try {
    return await lockFile(file);
  } catch (error) {
    const pid = (await read(file))?.pid;
    if (!isHeld(error) || pid === undefined || isRunning(pid)) throw error;
    return lockFile(file, takeOver);
  }
}

async function read(file: string): Promise<z.output<typeof holder> | undefined> {
  try {
    return holder.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

async function describe(file: string): Promise<string> {
  const found = await read(file);
  return found ? `process ${found.pid}, running since ${inUtc(found.since)}` : "another process";
}
