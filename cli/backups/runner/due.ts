import type { AntflyApi, BackupInfo } from "../../../provider/antfly/api";
import type { BackupRequest } from "../../../provider/antfly/endpoints";
import type { SendOptions } from "../../../provider/http/client";
import type { Schedule } from "../schedules/schedule";
import { backupIdOf, lastSlot, slotOf } from "./slots";

/** A schedule's last slot. */
export interface Slot {
  /** Milliseconds since the epoch. */
  time: number;
  /** The ID of its backup. */
  backupId: string;
  /** Whether the backup counts as overdue, if it is missing. */
  isLate: boolean;
}

/** What a location has of a schedule. */
export interface Standing {
  /** The whole backups of the series, the newest slot first. */
  series: BackupInfo[];
  /** The slot's backup; undefined: it is missing. */
  found: BackupInfo | undefined;
  isOverdue: boolean;
}

/**
 * The slot whose backup should exist now.
 *
 * @param now milliseconds since the epoch
 * @param overdueAfterMs how long after its slot a missing backup counts as overdue
 * @returns undefined if the schedule has never fired
 */
export function currentSlot(
  schedule: Schedule,
  now: number,
  overdueAfterMs: number,
): Slot | undefined {
  const time = lastSlot(schedule, now);
  if (time === undefined) return undefined;
  const backupId = backupIdOf(schedule.backupIdPrefix, time);
  return { time, backupId, isLate: now - time > overdueAfterMs };
}

/** Lists a schedule's location and checks whether the slot's backup is there. */
export async function standingOf(
  api: AntflyApi,
  schedule: Schedule,
  slot: Slot | undefined,
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
  return { series, found, isOverdue: slot !== undefined && !found && slot.isLate };
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
