import { Cron } from "croner";

/** When a schedule fires. */
export interface Timetable {
  /** A cron expression of five fields. */
  schedule: string;
  /** An IANA time zone. */
  timezone: string;
}

/**
 * The slot: the last time that the schedule fired, `now` included. After several missed slots only
 * this one is due.
 *
 * Clock changes are treated as cron users expect. Times given as numbers, lists or ranges are fixed:
 * one that the clock skips is taken when the clock resumes (02:30 at 03:00), and one that it repeats is
 * taken the first time only. Times with a wildcard or a step follow elapsed time: a day of 25 hours has
 * 25 hourly slots.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch; undefined if the schedule has never fired
 */
export function lastSlot(timetable: Timetable, now: number): number | undefined {
  // croner looks strictly before its reference.
  return cron(timetable)
    .previousRuns(1, new Date(now + 1))[0]
    ?.getTime();
}

/** The first time after `now` at which the schedule fires: milliseconds since the epoch. */
export function nextSlot(timetable: Timetable, now: number): number | undefined {
  return cron(timetable).nextRun(new Date(now))?.getTime();
}

/** The ID of a slot's backup, the slot in UTC: `nightly-20250115T030000Z`. */
export function backupIdOf(prefix: string, slot: number): string {
  const time = new Date(slot).toISOString().replace(/\.\d+Z$/, "Z");
  return `${prefix}-${time.replaceAll(/[-:]/g, "")}`;
}

/**
 * The slot in a backup's ID.
 *
 * @returns milliseconds since the epoch; undefined if the ID is not a slot of this prefix
 */
export function slotOf(prefix: string, backupId: string): number | undefined {
  if (!backupId.startsWith(`${prefix}-`)) return undefined;
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(backupId.slice(prefix.length + 1));
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const slot = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(slot) ? undefined : slot;
}

function cron({ schedule, timezone }: Timetable): Cron {
  return new Cron(schedule, {
    mode: "5-part",
    timezone,
    paused: true,
    // By default lists and ranges would count as intervals, whose slots could be lost or doubled.
    fixedTimeRule: "no-wildcard",
  });
}
