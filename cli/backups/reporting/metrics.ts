import { readFile } from "node:fs/promises";
import { replaceFile } from "../../../provider/process/replace-file";
import type { Report, Result } from "../runner/run";
import { nextSlot } from "../runner/slots";

/** The metrics of each schedule: all of them gauges, times in seconds since the epoch. */
const families = [
  ["last_success_timestamp_seconds", "When the newest backup of the schedule was made."],
  ["last_duration_seconds", "Duration of the last backup taken by a runner here."],
  ["last_result", "1 if the backup of the last slot was taken, else 0."],
  ["overdue", "1 if the backup of the last slot has been missing for too long, else 0."],
  [
    "running_since_timestamp_seconds",
    "When a runner began to work on the schedule, while it does.",
  ],
  ["suspended", "1 if the schedule is suspended, else 0."],
  ["next_slot_timestamp_seconds", "When the schedule fires next."],
] as const;

/** What a run found. */
export interface Run {
  reports: readonly Report[];
  /** Whether nothing failed, reading the schedules included. */
  isWell: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

type Family = (typeof families)[number][0];

/** Kept from the previous file if a run has no value for them. */
const kept: readonly Family[] = ["last_success_timestamp_seconds", "last_duration_seconds"];

/** Results that say nothing of the slot yet: what the previous file says of it counts. */
const open: readonly Result[] = ["running", "elsewhere"];

function isKept(family: Family, { result }: Report): boolean {
  return kept.includes(family) || (ofSlot.includes(family) && open.includes(result));
}

/** Metrics that say how the last slot stands. */
const ofSlot: readonly Family[] = ["last_result", "overdue"];

/**
 * Writes what a run found in Prometheus' text format, for a node exporter's textfile collector. The
 * file is replaced as a whole, so nobody reads half of it.
 *
 * prom-client would not be lighter: it is a registry of counters in memory, with two dependencies, and
 * could not keep what the previous file had.
 */
export async function writeMetrics(path: string, run: Run): Promise<void> {
  const before = await readFile(path, "utf8").catch(() => "");
  replaceFile(path, metricsText(run, before), 0o644);
}

/** The text of a metrics file; `before`: its text until now. */
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
      const value = sampleOf(family, report, now) ?? (isKept(family, report) && old.get(series));
      return value === undefined || value === false ? [] : [`${series} ${value}`];
    });
    return samples.length > 0 ? [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples] : [];
  });
  const wholeRun = [
    ["run_timestamp_seconds", "When a runner last ran.", seconds(now)],
    [
      "run_result",
      "1 if that run succeeded, reading the schedules included, else 0.",
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
  const { schedule, result, lastSuccess, startedAt, durationMs, isMissing, isOverdue } = report;
  switch (family) {
    case "last_success_timestamp_seconds":
      return lastSuccess === undefined ? undefined : seconds(lastSuccess);
    case "last_duration_seconds":
      return durationMs === undefined ? undefined : seconds(durationMs);
    case "last_result":
      if (["suspended", "waiting", "lapsed", ...open].includes(result)) return undefined;
      return ["taken", "found", "expired"].includes(result) ? 1 : 0;
    case "running_since_timestamp_seconds":
      return result === "running" && startedAt !== undefined ? seconds(startedAt) : undefined;
    case "overdue":
      return result === "running" && !isMissing ? undefined : isOverdue ? 1 : 0;
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
  // Without credentials or a query.
  const { host = "", pathname = "" } = URL.parse(schedule.servers.rootOf(schedule.url)) ?? {};
  const server = `${host}${pathname.replace(/\/$/, "")}`;
  const labels = { schedule: name, stack, server, location, prefix };
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function seconds(ms: number): number {
  return ms / 1_000;
}
