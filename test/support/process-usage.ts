import { readFileSync } from "node:fs";

/** How long a tick is in which Linux counts the CPU time of processes, in milliseconds. */
const tick = 10;

/** What Linux says of a process at a moment. */
export interface ProcessTimes {
  /** The process that started it. */
  parent: number;
  /** Milliseconds of CPU that it has taken, in steps of ten. */
  cpu: number;
}

/** The times of a process; undefined where it has ended, or where the system doesn't tell. */
export function timesOf(pid: number | string): ProcessTimes | undefined {
  const text = read(pid, "stat");
  // The name before them may have spaces and brackets.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields.length < 13) return undefined;
  return { parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) * tick };
}

/** The most memory that a process has had so far, in KiB; undefined as for {@link timesOf}. */
export function peakMemoryOf(pid: number | string): number | undefined {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(read(pid, "status")) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes);
}

/** The command line of a process, its arguments in order; empty as for {@link timesOf}. */
export function commandOf(pid: number | string): string[] {
  return read(pid, "cmdline").split("\0").filter(Boolean);
}

/** Nothing where the process has ended. */
function read(pid: number | string, file: "cmdline" | "stat" | "status"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
