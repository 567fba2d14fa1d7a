import type { BackupInfo } from "../../../provider/antfly/api";
import { FormationsError } from "../../../provider/errors";
import type { Clock } from "../../../provider/process/clock";
import { utc, utcIfTime } from "../../../provider/resource/values";
import { coloured, type Style } from "../../terminal/colour";
import { wrap } from "../../terminal/layout";
import { drawTable } from "../../terminal/table";
import { zoned } from "../../terminal/time";
import { currentSlot, type Slot, type Standing, standingOf } from "../runner/due";
import { fileMemory, type Memory, type SeriesMemory } from "../runner/memory";
import { nextSlot } from "../runner/slots";
import { type Schedule, titleOf } from "../schedules/schedule";

/** The status of a schedule. Times are RFC 3339 in UTC. */
export interface ScheduleStatus {
  name: string;
  stack?: string;
  schedule: string;
  timezone: string;
  location: string;
  url?: string;
  backupIdPrefix: string;
  /**
   * - `ok`: the last slot's backup is listed;
   * - `expired`: it was taken, and has been removed from the location since;
   * - `lapsed`: it is not listed, and it is too late to take it: it was taken and removed, or missed;
   * - `due`, `overdue`: it was not taken;
   * - `waiting`: the schedule has not fired since it was created or changed;
   * - `unknown`: the location can't be listed.
   */
  state: "ok" | "expired" | "lapsed" | "due" | "overdue" | "waiting" | "suspended" | "unknown";
  /** Why the state is unknown. */
  error?: string;
  /** Why the last backup failed, if a runner of this machine took it, and when it is retried. */
  failure?: { reason?: string; retryAt?: string };
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
  /** See {@link Evidence}. */
  catchUpMs?: number;
  /** What runners of this machine remember. Default: files in the user's folder. */
  memory?: Memory;
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
  { clock, signal, overdueAfterMs, backups, catchUpMs, memory = fileMemory() }: StatusOptions,
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
    const known = await memory.series(schedule);
    const evidence = { now, memory: known, catchUpMs };
    const api = schedule.servers.at(url);
    const standing = await standingOf(api, schedule, slot, evidence, { signal });
    const shown = standing.series.slice(0, backups).map(({ backupId, timestamp, tables }) => {
      return { backupId, timestamp: timestamp && utcIfTime(timestamp), tables };
    });
    const failure = standing.presence === "missing" ? failureOf(slot, known) : undefined;
    return { ...facts, state: stateOf(schedule, slot, standing), failure, backups: shown };
  } catch (error) {
    if (!(error instanceof FormationsError)) throw error;
    return { ...facts, state: "unknown", error: error.message, backups: [] };
  }
}

function stateOf(
  { suspend }: Schedule,
  slot: Slot | undefined,
  { presence, isOverdue }: Standing,
): ScheduleStatus["state"] {
  if (suspend) return "suspended";
  if (!slot) return "waiting";
  if (presence === "listed") return "ok";
  if (presence === "expired") return "expired";
  if (isOverdue) return "overdue";
  return presence === "lapsed" ? "lapsed" : "due";
}

function failureOf(
  slot: Slot | undefined,
  { slot: failed, failures, reason, retryAt }: SeriesMemory,
): ScheduleStatus["failure"] {
  if (failures === 0 || failed !== slot?.time) return undefined;
  return { reason, retryAt: retryAt === undefined ? undefined : utc(retryAt) };
}

/** What the states mean that a reader may not know. */
const meanings: Partial<Record<ScheduleStatus["state"], string>> = {
  expired: "the last backup was taken, and has been removed from the location since.",
  lapsed:
    "the last backup is not listed, and it is too late to take it: it was taken and removed, or missed. `run --catch-up` with a longer time takes it nevertheless.",
};

/** From how many columns on a table has room for all of a schedule. */
const roomy = 120;

/**
 * The same for people: a table, and below it what is wrong. Where a terminal is narrow, the places and the
 * backups are below it too.
 *
 * @param width columns of the terminal
 */
export function statusTable(statuses: readonly ScheduleStatus[], width: number): string {
  const isRoomy = width >= roomy;
  const [names, states] = [statuses.map(titleOf), statuses.map(({ state }) => state)];
  const rows = statuses.map((one, at) => [
    ...[names[at] ?? "", one.state],
    ...(isRoomy ? [`${one.schedule} ${one.timezone}`] : []),
    nextOf(one),
    ...(isRoomy ? [one.location, backupsOf(one).join("\n")] : []),
  ]);
  const head = isRoomy
    ? ["schedule", "state", "timetable", "next slot", "location", "newest backups"]
    : ["schedule", "state", "next slot"];
  const style = (text: string, column: number) =>
    column === 1 && states.some((state) => state === text)
      ? coloured(styleOf(text as ScheduleStatus["state"]), text)
      : text;
  const whole = isRoomy ? [0, 1, 5] : [0, 1];
  const lines = statuses.flatMap((one) => detailsOf(one, isRoomy, width));
  const errors = statuses.flatMap((one) => (one.error ? [`${titleOf(one)}: ${one.error}`] : []));
  return [drawTable(head, rows, { width, whole, style }), ...lines, ...errors].join("\n");
}

function styleOf(state: ScheduleStatus["state"]): Style {
  if (state === "ok") return "green";
  if (state === "overdue" || state === "unknown") return "red";
  return state === "due" ? "yellow" : "dim";
}

function nextOf({ nextSlot: next, timezone }: ScheduleStatus): string {
  return next === undefined ? "none" : zoned(Date.parse(next), timezone);
}

function backupsOf({ backups }: ScheduleStatus): string[] {
  return backups.length > 0 ? backups.map(({ backupId }) => backupId) : ["no backups"];
}

/** What is below the table of a schedule: its title, and what a reader has to know of it. */
function detailsOf(status: ScheduleStatus, isRoomy: boolean, width: number): string[] {
  const { state, failure, timezone, schedule, location } = status;
  const retryAt = failure?.retryAt && zoned(Date.parse(failure.retryAt), timezone);
  const why = retryAt ? ` (retried after ${retryAt})` : "";
  const notes = [meanings[state], failure && `the last try failed${why}: ${failure.reason}`];
  const lines = [
    ...(isRoomy ? [] : [`  ${schedule} ${timezone}`, `  at ${location}`]),
    ...(isRoomy ? [] : backupsOf(status).map((id) => `  ${id}`)),
    ...notes.flatMap((note) => (note ? wrap(`  ${note}`, width, "  ") : [])),
  ];
  return lines.length > 0 ? [`${titleOf(status)}:`, ...lines] : [];
}
