import { readFile } from "node:fs/promises";
import { replaceFile } from "../../provider/process/replace-file";
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

/** What a run found. */
export interface Run {
  reports: readonly Report[];
  /** Whether nothing failed, the reading of the schedules included. */
  isWell: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

type Family = (typeof families)[number][0];

/** Kept from the file before where a run cannot tell them. */
const kept: readonly Family[] = ["last_success_timestamp_seconds", "last_duration_seconds"];

/**
 * Writes what a run found as Prometheus' text format, for a node exporter's textfile collector. The
 * file is replaced whole, so that nobody reads half of it.
 */
export async function writeMetrics(path: string, run: Run): Promise<void> {
  const before = await readFile(path, "utf8").catch(() => "");
  replaceFile(path, metricsText(run, before), 0o644);
}

/** The text of a metrics file; `before`: what it had until now. */
export function metricsText({ reports, isWell, now }: Run, before = ""): string {
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
  const wholeRun = [
    ["run_timestamp_seconds", "When a runner looked last.", seconds(now)],
    [
      "run_result",
      "Whether all went well then, the reading of the schedules too: 1, or 0.",
      isWell ? 1 : 0,
    ],
  ] as const;
  for (const [family, help, value] of wholeRun) {
    const name = `formations_backup_${family}`;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`);
  }
  return `${lines.join("\n")}\n`;
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
  const { name, stack = "", location, backupIdPrefix: prefix } = schedule;
  // Without what else a URL may hold.
  const { host = "", pathname = "" } = URL.parse(schedule.servers.rootOf(schedule.url)) ?? {};
  const server = `${host}${pathname.replace(/\/$/, "")}`;
  const labels = { schedule: name, stack, server, location, prefix };
  const told = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return `{${told.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function seconds(ms: number): number {
  return ms / 1_000;
}
