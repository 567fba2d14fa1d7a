import type { BackupInfo } from "../../provider/antfly/endpoints";
import { FormationsError } from "../../provider/errors";
import type { Clock } from "../../provider/process/clock";
import { utc, utcIfTime } from "../../provider/resource/values";
import { readSeries } from "./run";
import { type Schedule, titleOf } from "./schedules";
import { backupIdOf, lastSlot, nextSlot } from "./slots";
import { drawTable } from "./table";

/** How a schedule stands. Times are RFC 3339 in UTC. */
export interface ScheduleStatus {
  name: string;
  stack?: string;
  schedule: string;
  timezone: string;
  location: string;
  url?: string;
  backupIdPrefix: string;
  /** `ok`: the last slot's backup is there; `unknown`: the location can't be listed. */
  state: "ok" | "due" | "overdue" | "suspended" | "unknown";
  /** Why it is not known. */
  error?: string;
  lastSlot?: string;
  nextSlot?: string;
  /** The newest backups of the series, the newest first. */
  backups: Pick<BackupInfo, "backupId" | "timestamp" | "tables">[];
}

export interface StatusOptions {
  clock: Clock;
  signal: AbortSignal;
  /** How long after its slot a backup that is missing counts as overdue, in milliseconds. */
  overdueAfterMs: number;
  /** How many backups of each series are told. */
  backups: number;
}

/** Looks how schedules stand; takes nothing. */
export function statusOf(
  schedules: readonly Schedule[],
  options: StatusOptions,
): Promise<ScheduleStatus[]> {
  return Promise.all(schedules.map((schedule) => look(schedule, options)));
}

/** Whether somebody should look after a schedule. */
export function needsCare({ state }: ScheduleStatus): boolean {
  return state === "overdue" || state === "unknown";
}

async function look(
  schedule: Schedule,
  { clock, signal, overdueAfterMs, backups }: StatusOptions,
): Promise<ScheduleStatus> {
  const now = clock.now();
  const slot = lastSlot(schedule, now);
  const next = schedule.suspend ? undefined : nextSlot(schedule, now);
  const { name, stack, timezone, location, url, backupIdPrefix } = schedule;
  const facts = {
    ...{ name, stack, schedule: schedule.schedule, timezone, location, url, backupIdPrefix },
    lastSlot: slot === undefined ? undefined : utc(slot),
    nextSlot: next === undefined ? undefined : utc(next),
  };
  try {
    const series = await readSeries(schedule.servers.at(url), schedule, { signal });
    const isThere =
      slot === undefined ||
      series.some(({ backupId }) => backupId === backupIdOf(backupIdPrefix, slot));
    const isOverdue = !isThere && now - slot > overdueAfterMs;
    const state = isThere ? "ok" : isOverdue ? "overdue" : "due";
    const shown = series.slice(0, backups).map(({ backupId, timestamp, tables }) => {
      return { backupId, timestamp: utcIfTime(timestamp), tables };
    });
    return { ...facts, state: schedule.suspend ? "suspended" : state, backups: shown };
  } catch (error) {
    if (!(error instanceof FormationsError)) throw error;
    return { ...facts, state: "unknown", error: error.message, backups: [] };
  }
}

/** The same as a table, with what went wrong below it. */
export function statusTable(statuses: readonly ScheduleStatus[]): string {
  const rows = statuses.map((one) => [
    titleOf(one),
    one.state,
    one.backups.map(({ backupId }) => backupId).join("\n") || "none",
    one.nextSlot ?? "none",
    `${one.schedule} ${one.timezone}`,
    one.location,
  ]);
  const head = ["schedule", "state", "last backups", "next slot", "cron", "location"];
  const errors = statuses.flatMap((one) => (one.error ? [`${titleOf(one)}: ${one.error}`] : []));
  return [drawTable(head, rows), ...errors].join("\n");
}
