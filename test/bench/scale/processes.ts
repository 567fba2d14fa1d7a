import { readdirSync } from "node:fs";
import { commandOf, peakMemoryOf, timesOf } from "../../support/process-usage.ts";

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
  const [times, kilobytes] = [timesOf(pid), peakMemoryOf(pid)];
  if (!times || kilobytes === undefined) return undefined;
  return { role: roleOf(pid), cpu: times.cpu / 1_000, memory: (kilobytes * 1024) / 1e6 };
}

function roleOf(pid: number): Role {
  const [program = "", ...args] = commandOf(pid);
  if (program === "pulumi" || program.endsWith("/pulumi")) return "engine";
  const line = [program, ...args].join(" ");
  return /pulumi-resource-|\/bin\/plugin\/|\/dynamic-provider/.test(line) ? "provider" : "program";
}

/** The engines that this process has started, with what they have started. */
function ofEngines(): number[] {
  const children = new Map<number, number[]>();
  for (const pid of processes()) {
    const parent = timesOf(pid)?.parent;
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
