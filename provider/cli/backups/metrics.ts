import { readFile, rename, writeFile } from "node:fs/promises";
import type { Report } from "./run";
import { nextSlot } from "./slots";

/** What a metrics file has of each schedule: all gauges, times in seconds since the epoch. */
const families = [
  ["last_success_timestamp_seconds", "When the newest backup of the schedule was made."],
  ["last_duration_seconds", "How long the last backup took that a runner took here."],
  ["last_result", "Whether the backup of the last slot is there: 1, or 0."],
  ["overdue", "Whether the backup of the last slot is missing for too long: 1, or 0."],
  ["suspended", "Whether the schedule is suspended: 1, or 0."],
  ["next_slot_timestamp_seconds", "When the schedule fires next."],
] as const;

type Family = (typeof families)[number][0];

/** Kept from the file before where a run cannot tell them. */
const kept: readonly Family[] = ["last_success_timestamp_seconds", "last_duration_seconds"];

/**
 * Writes what a run found as Prometheus' text format, for a node exporter's textfile collector. The
 * file is replaced whole, so that nobody reads half of it.
 *
 * @param now milliseconds since the epoch
 */
export async function writeMetrics(
  path: string,
  reports: readonly Report[],
  now: number,
): Promise<void> {
  const before = await readFile(path, "utf8").catch(() => "");
  // Beside it, and not with its ending, which the collector reads.
  const next = `${path}.${process.pid}.tmp`;
  await writeFile(next, metricsText(reports, now, before), { mode: 0o644 });
  await rename(next, path);
}

/** The text of a metrics file. */
export function metricsText(reports: readonly Report[], now: number, before = ""): string {
  const old = new Map(
    before.split("\n").map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
  const lines = families.flatMap(([family, help]) => {
    const name = `formations_backup_${family}`;
    const samples = reports.flatMap((report) => {
      const series = `${name}${labelsOf(report)}`;
      const value = sampleOf(family, report, now) ?? (kept.includes(family) && old.get(series));
      return value === undefined || value === false ? [] : [`${series} ${value}`];
    });
    return samples.length > 0 ? [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples] : [];
  });
  const run = "formations_backup_run_timestamp_seconds";
  lines.push(`# HELP ${run} When a runner looked last.`, `# TYPE ${run} gauge`);
  return `${[...lines, `${run} ${seconds(now)}`].join("\n")}\n`;
}

function sampleOf(family: Family, report: Report, now: number): number | undefined {
  const { schedule, result, lastSuccess, durationMs, isOverdue } = report;
  switch (family) {
    case "last_success_timestamp_seconds":
      return lastSuccess === undefined ? undefined : seconds(lastSuccess);
    case "last_duration_seconds":
      return durationMs === undefined ? undefined : seconds(durationMs);
    case "last_result":
      if (result === "suspended" || result === "waiting") return undefined;
      return result === "taken" || result === "found" ? 1 : 0;
    case "overdue":
      return isOverdue ? 1 : 0;
    case "suspended":
      return schedule.suspend ? 1 : 0;
    case "next_slot_timestamp_seconds": {
      const next = schedule.suspend ? undefined : nextSlot(schedule, now);
      return next === undefined ? undefined : seconds(next);
    }
  }
}

function labelsOf({ schedule }: Report): string {
  const { name, stack = "", location, backupIdPrefix } = schedule;
  const labels = { schedule: name, stack, location, prefix: backupIdPrefix };
  const told = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return `{${told.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function seconds(ms: number): number {
  return ms / 1_000;
}
