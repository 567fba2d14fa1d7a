import { readdirSync, readFileSync } from "node:fs";

/** What a process of a run is: the engine, what serves the resources, or what runs the program. */
export const roles = ["engine", "provider", "program"] as const;
export type Role = (typeof roles)[number];

/** What the processes of a run took. */
export interface Usage {
  /** Seconds of CPU of all of them. */
  cpu: number;
  /** The most memory that one process of a role had, in MB. */
  memory: Record<Role, number>;
}

/** How often the processes are looked at, in milliseconds. The system keeps the highest values itself. */
const interval = 50;
/** Linux counts the CPU time of a process in hundredths of a second. */
const ticksPerSecond = 100;

interface Seen {
  role: Role;
  cpu: number;
  memory: number;
}

/**
 * Watches each `pulumi` that this process starts, and what that starts, until the returned function ends
 * the watch. It needs Linux: other systems have no `/proc`, and everything is 0 there. What a process takes
 * in the last moments before it ends is missing.
 */
export function watchProcesses(): () => Usage {
  const seen = new Map<number, Seen>();
  const look = () => {
    for (const pid of ofEngines()) {
      const found = lookAt(pid);
      if (found) seen.set(pid, found);
    }
  };
  // A run that fails must not keep this process alive.
  const timer = setInterval(look, interval).unref();
  return () => {
    clearInterval(timer);
    const all = [...seen.values()];
    const peak = (role: Role) =>
      Math.max(0, ...all.filter((one) => one.role === role).map(({ memory }) => memory));
    return {
      cpu: all.reduce((sum, { cpu }) => sum + cpu, 0),
      memory: { engine: peak("engine"), provider: peak("provider"), program: peak("program") },
    };
  };
}

function lookAt(pid: number): Seen | undefined {
  const stat = statOf(pid);
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  if (!stat || kilobytes === undefined) return undefined;
  return {
    role: roleOf(pid),
    cpu: stat.ticks / ticksPerSecond,
    memory: (Number(kilobytes) * 1024) / 1e6,
  };
}

function roleOf(pid: number): Role {
  const [program = "", ...args] = read(`/proc/${pid}/cmdline`).split("\0");
  if (program === "pulumi" || program.endsWith("/pulumi")) return "engine";
  const line = [program, ...args].join(" ");
  return /pulumi-resource-|\/bin\/plugin\/|\/dynamic-provider/.test(line) ? "provider" : "program";
}

/** The engines that this process has started, with what they have started. */
function ofEngines(): number[] {
  const children = new Map<number, number[]>();
  for (const pid of processes()) {
    const parent = statOf(pid)?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  const open = (children.get(process.pid) ?? []).filter((pid) => roleOf(pid) === "engine");
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    open.push(...(children.get(next) ?? []));
  }
  return found;
}

function processes(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** The parent, and the CPU time in ticks; the name before them may have spaces and brackets. */
function statOf(pid: number): { parent: number; ticks: number } | undefined {
  const text = read(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields.length < 13) return undefined;
  return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}

/** Nothing when the process has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
