import type { BackupInfo } from "../../../provider/antfly/api";
import { FormationsError } from "../../../provider/errors";
import type { Clock } from "../../../provider/process/clock";
import { utc, utcIfTime } from "../../../provider/resource/values";
import { currentSlot, type Slot, type Standing, standingOf } from "../runner/due";
import { nextSlot } from "../runner/slots";
import { type Schedule, titleOf } from "../schedules/schedule";
import { drawTable } from "./table";

/** The status of a schedule. Times are RFC 3339 in UTC. */
export interface ScheduleStatus {
  name: string;
  stack?: string;
  schedule: string;
  timezone: string;
  location: string;
  url?: string;
  backupIdPrefix: string;
  /** `ok`: the last slot's backup exists; `unknown`: the location can't be listed. */
  state: "ok" | "due" | "overdue" | "suspended" | "unknown";
  /** Why the state is unknown. */
  error?: string;
  lastSlot?: string;
  nextSlot?: string;
  /** The newest backups of the series, the newest first. */
  backups: Pick<BackupInfo, "backupId" | "timestamp" | "tables">[];
}

export interface StatusOptions {
  clock: Clock;
  signal: AbortSignal;
  /** How long after its slot a missing backup counts as overdue, in milliseconds. */
  overdueAfterMs: number;
  /** How many backups of each series to show. */
  backups: number;
}

/** Finds out the status of schedules. Takes nothing. */
export function statusOf(
  schedules: readonly Schedule[],
  options: StatusOptions,
): Promise<ScheduleStatus[]> {
  return Promise.all(schedules.map((schedule) => scheduleStatus(schedule, options)));
}

/** Whether a schedule needs somebody's attention. */
export function needsCare({ state }: ScheduleStatus): boolean {
  return state === "overdue" || state === "unknown";
}

async function scheduleStatus(
  schedule: Schedule,
  { clock, signal, overdueAfterMs, backups }: StatusOptions,
): Promise<ScheduleStatus> {
  const now = clock.now();
  const slot = currentSlot(schedule, now, overdueAfterMs);
  const next = schedule.suspend ? undefined : nextSlot(schedule, now);
  const { name, stack, timezone, location, url, backupIdPrefix } = schedule;
  const facts = {
    name,
    stack,
    schedule: schedule.schedule,
    timezone,
    location,
    url,
    backupIdPrefix,
    lastSlot: slot && utc(slot.time),
    nextSlot: next === undefined ? undefined : utc(next),
  };
  try {
    const standing = await standingOf(schedule.servers.at(url), schedule, slot, { signal });
    const shown = standing.series.slice(0, backups).map(({ backupId, timestamp, tables }) => {
      return { backupId, timestamp: timestamp && utcIfTime(timestamp), tables };
    });
    return { ...facts, state: stateOf(schedule, slot, standing), backups: shown };
  } catch (error) {
    if (!(error instanceof FormationsError)) throw error;
    return { ...facts, state: "unknown", error: error.message, backups: [] };
  }
}

function stateOf(
  { suspend }: Schedule,
  slot: Slot | undefined,
  { found, isOverdue }: Standing,
): ScheduleStatus["state"] {
  if (suspend) return "suspended";
  if (!slot || found) return "ok";
  return isOverdue ? "overdue" : "due";
}

/** The same as a table, followed by the errors. */
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
