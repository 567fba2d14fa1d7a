import type { AntflyApi, BackupInfo } from "../../../provider/antfly/api";
import type { BackupRequest } from "../../../provider/antfly/endpoints";
import type { SendOptions } from "../../../provider/http/client";
import type { Schedule } from "../schedules/schedule";
import type { SeriesMemory } from "./memory";
import { backupIdOf, lastSlot, slotOf } from "./slots";

/** A schedule's last slot. Times are milliseconds since the epoch. */
export interface Slot {
  time: number;
  /** The ID of its backup. */
  backupId: string;
  /** When its backup became due: at its time, or when the schedule was created or changed after it. */
  dueAt: number;
  /** Whether the backup counts as overdue, if it was not taken. */
  isLate: boolean;
}

/**
 * Whether a slot's backup was taken:
 *
 * - `listed`: the location has it;
 * - `expired`: it was taken, and was removed from the location since;
 * - `missing`: it was not, and may be taken now;
 * - `lapsed`: the location does not have it, and it is too late to take it. It was taken and removed, or
 *   missed, for all that anyone knows.
 */
export type Presence = "listed" | "expired" | "missing" | "lapsed";

/** What a location has of a schedule. */
export interface Standing {
  /** Everything at the location. */
  listed: BackupInfo[];
  /** The whole backups of the series, the newest slot first. */
  series: BackupInfo[];
  /** The slot's backup; undefined: the location does not list it. */
  found: BackupInfo | undefined;
  presence: Presence;
  /** Whether it is certain that the slot was not taken: only then can it be overdue. */
  isCertain: boolean;
  isOverdue: boolean;
}

/**
 * How long a slot that is not listed is certain not to have been taken and removed since, in milliseconds.
 * Buckets count the age of objects in days, so none removes a backup in its first.
 */
const shortestLife = 86_400_000;

/**
 * The slot whose backup should exist now.
 *
 * @param now milliseconds since the epoch
 * @param overdueAfterMs how long after a backup became due it counts as overdue
 * @returns undefined if the schedule has never fired, or not since it was created or changed and it waits
 * for its next slot
 */
export function currentSlot(
  schedule: Schedule,
  now: number,
  overdueAfterMs: number,
): Slot | undefined {
  const time = lastSlot(schedule, now);
  if (time === undefined) return undefined;
  const { createdAt, changedAt, skipImmediately = changedAt !== undefined } = schedule;
  const since = changedAt ?? createdAt ?? time;
  if (time < since && skipImmediately) return undefined;
  const backupId = backupIdOf(schedule.backupIdPrefix, time);
  const dueAt = Math.max(time, since);
  return { time, backupId, dueAt, isLate: now - dueAt > overdueAfterMs };
}

/** What decides whether a slot that is not listed may be taken. */
export interface Evidence {
  now: number;
  memory: SeriesMemory;
  /** How long after it became due a slot may be taken. Default: as long as it is certain to be missing. */
  catchUpMs?: number;
}

/** Lists a schedule's location and finds out whether the slot's backup was taken. */
export async function standingOf(
  api: AntflyApi,
  schedule: Schedule,
  slot: Slot | undefined,
  evidence: Evidence,
  options: SendOptions,
): Promise<Standing> {
  const { location, connection, backupIdPrefix } = schedule;
  const dialect = await api.dialect(options);
  const listed = await api.backups({ location, connection }, options);
  const slotTime = ({ backupId }: BackupInfo) => slotOf(backupIdPrefix, backupId);
  const series = listed
    .filter((one) => slotTime(one) !== undefined && isWhole(one, schedule, dialect))
    .toSorted((left, right) => (slotTime(right) ?? 0) - (slotTime(left) ?? 0));
  const found = series.find(({ backupId }) => backupId === slot?.backupId);
  if (!slot || found) {
    return { listed, series, found, presence: "listed", isCertain: true, isOverdue: false };
  }
  // A v0.1 server lists it without tables that it lacks: it is there, and not whole.
  const isPart = listed.some(({ backupId }) => backupId === slot.backupId);
  // Rules remove the oldest first, so one that is older than the slot vouches for all newer ones.
  const hasOlder = series.some((one) => (slotTime(one) ?? slot.time) < slot.time);
  const absence = absenceOf(slot, evidence, isPart, hasOlder);
  return { listed, series, found, ...absence, isOverdue: absence.isCertain && slot.isLate };
}

/**
 * Whether it is certain that a slot was not taken, as far as this machine remembers, without a look at the
 * location.
 */
export function isKnownMissing(slot: Slot, memory: SeriesMemory | undefined, now: number): boolean {
  return !memory || absenceOf(slot, { now, memory }, false, false).isCertain;
}

function absenceOf(
  slot: Slot,
  { now, memory, catchUpMs }: Evidence,
  isPart: boolean,
  hasOlder: boolean,
): Pick<Standing, "presence" | "isCertain"> {
  if (memory.taken === slot.time && !isPart) return { presence: "expired", isCertain: false };
  const seenMissing = memory.slot === slot.time ? (memory.missingAt ?? 0) : 0;
  const isRecent = now - Math.max(slot.dueAt, seenMissing) <= shortestLife;
  const isCertain = isPart || hasOlder || isRecent;
  const isInTime = catchUpMs === undefined ? isCertain : now - slot.dueAt <= catchUpMs;
  return { presence: isInTime ? "missing" : "lapsed", isCertain };
}

/**
 * Whether a listed backup has everything that was asked for. Servers of version 0.2 list whole backups
 * only; v0.1 also lists failed ones, with the tables that they have.
 */
export function isWhole(
  listed: BackupInfo,
  { tableNames }: Pick<BackupRequest, "tableNames">,
  dialect: string,
): boolean {
  if (dialect !== "v0.1") return true;
  if (tableNames === undefined) return listed.tables.length > 0;
  return tableNames.every((name) => listed.tables.includes(name));
}
