import type { BackupInfo } from "../../../provider/antfly/api";
import { FormationsError } from "../../../provider/errors";
import type { Clock } from "../../../provider/process/clock";
import { utc, utcIfTime } from "../../../provider/resource/values";
import { drawTable } from "../../table";
import { currentSlot, type Slot, type Standing, standingOf } from "../runner/due";
import { fileMemory, type Memory, type SeriesMemory } from "../runner/memory";
import { nextSlot } from "../runner/slots";
import { type Schedule, titleOf } from "../schedules/schedule";
import { zoned } from "./time";

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

/**
 * The same for people, at most 80 columns wide where names allow it: a table, and below it where each
 * schedule's backups are, and what is wrong.
 */
export function statusTable(statuses: readonly ScheduleStatus[]): string {
  const rows = statuses.map((one) => [titleOf(one), one.state, nextOf(one)]);
  const lines = statuses.flatMap((one) => [`${titleOf(one)}:`, ...detailsOf(one)]);
  const errors = statuses.flatMap((one) => (one.error ? [`${titleOf(one)}: ${one.error}`] : []));
  return [drawTable(["schedule", "state", "next slot"], rows), ...lines, ...errors].join("\n");
}

/** A text in lines of 80 columns, indented; a word that is longer stays whole. */
function wrapped(text: string): string[] {
  const lines = [" "];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length <= 80 || lines.at(-1) === " ") lines[lines.length - 1] = longer;
    else lines.push(`  ${word}`);
  }
  return lines;
}

function nextOf({ nextSlot: next, timezone }: ScheduleStatus): string {
  return next === undefined ? "none" : zoned(Date.parse(next), timezone);
}

function detailsOf({ state, failure, backups, ...one }: ScheduleStatus): string[] {
  const { schedule, timezone, location } = one;
  const taken = backups.map(({ backupId }) => backupId);
  const retryAt = failure?.retryAt && zoned(Date.parse(failure.retryAt), timezone);
  const why = retryAt ? ` (retried after ${retryAt})` : "";
  const notes = [meanings[state], failure && `the last try failed${why}: ${failure.reason}`];
  return [
    `  ${schedule} ${timezone}`,
    `  at ${location}`,
    ...(taken.length > 0 ? taken.map((id) => `  ${id}`) : ["  no backups"]),
    ...notes.flatMap((note) => (note ? wrapped(note) : [])),
  ];
}
