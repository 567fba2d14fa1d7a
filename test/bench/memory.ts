import { existsSync, readFileSync } from "node:fs";
import { peakMemoryOf } from "../support/process-usage.ts";

/** How often processes are looked at, in milliseconds. The system itself keeps the highest value. */
const interval = 100;

/**
 * The most memory that any of some processes had at a time, in MB.
 *
 * @param file lists their IDs, a line each, as they start
 * @returns a function that ends the watch; it gives undefined where the system keeps no such record
 */
export function watchMemory(file: string): () => number | undefined {
  const seen = new Set(processesIn(file));
  let peak: number | undefined;
  const look = () => {
    for (const id of processesIn(file)) {
      const kilobytes = seen.has(id) ? undefined : peakMemoryOf(id);
      if (kilobytes !== undefined) peak = Math.max(peak ?? 0, kilobytes / 1024);
    }
  };
  const timer = setInterval(look, interval);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

function processesIn(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
}
