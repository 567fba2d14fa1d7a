import { Cron } from "croner";

/** When a schedule fires. */
export interface Timetable {
  /** A cron expression of five fields. */
  schedule: string;
  /** A time zone of the IANA database. */
  timezone: string;
}

/**
 * The slot: the last time that the schedule fired, now included. Whoever missed several slots takes
 * this one only.
 *
 * Days on which the clock changes are as cron's users know them. Times that are given as numbers,
 * lists or ranges are fixed: one that the clock skips is taken when the clock goes on (02:30 at
 * 03:00), one that it repeats is taken at its first time only. Those with a wildcard or a step follow
 * the time that passes: a day of 25 hours has 25 hourly slots.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch; undefined where it never fired yet
 */
export function lastSlot(timetable: Timetable, now: number): number | undefined {
  // What is asked for lies before the reference.
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
 * The slot that a backup's ID tells.
 *
 * @returns milliseconds since the epoch; undefined where the ID is no slot's of this prefix
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
    // By default lists and ranges would count as intervals: slots of theirs would be lost, or come twice.
    fixedTimeRule: "no-wildcard",
  });
}
