import type { Log } from "../reporting/log";
import { logReport } from "../reporting/log-report";
import { type Schedule, storeOf } from "../schedules/schedule";
import type { Memory } from "./memory";
import { ScheduleRun } from "./schedule-run";
import type { BackupLimits } from "./slot-backup";

/** What a run did about a schedule. */
export type Result =
  | "taken"
  /** The backup was there already, or somebody else took it in the meantime. */
  | "found"
  /** It was taken before, and has been removed from the location since. */
  | "expired"
  /** It is too late to take it: it was missed, or was taken and removed. */
  | "lapsed"
  | "failed"
  /** It failed before, and it is too early for another try. */
  | "delayed"
  | "interrupted"
  /** Left to a run that is not a dry run. */
  | "due"
  /** Left to another runner of this machine, which is at work on the same schedules. */
  | "elsewhere"
  /** Under way. */
  | "running"
  | "suspended"
  /** The schedule has not fired yet. */
  | "waiting";

/** Results that need somebody's attention. */
const failures: readonly Result[] = ["failed", "delayed"];

/** Whether a run could not do what was due, or another one lets it become overdue. */
export function isFailure({ result, isOverdue }: Report): boolean {
  return failures.includes(result) || (result === "elsewhere" && isOverdue);
}

/** One schedule of a run. Times are milliseconds since the epoch. */
export interface Report {
  schedule: Schedule;
  result: Result;
  /** Undefined: the schedule has not fired yet. */
  slot?: number;
  /** The ID of the slot's backup. */
  backupId?: string;
  /** What went wrong, or why nothing was taken. */
  reason?: string;
  /** When work on it began, while it is under way. Undefined: it is yet to begin. */
  startedAt?: number;
  /** While it is under way: whether the location is known not to have the slot's backup. */
  isMissing?: boolean;
  /** How long the backup took, if this run took it. */
  durationMs?: number;
  /** When a failed backup is retried at the earliest. */
  retryAt?: number;
  /** When the newest whole backup of the series was made, if the location could be listed. */
  lastSuccess?: number;
  isOverdue: boolean;
}

/** How a run takes backups. */
export interface RunOptions extends Omit<BackupLimits, "onWait" | "unended" | "track"> {
  /** How many locations are backed up to at the same time. */
  parallel: number;
  /** How long after it became due a missing backup counts as overdue, in milliseconds. */
  overdueAfterMs: number;
  /** How long after it became due a backup may be taken, in milliseconds. Default: see {@link Evidence}. */
  catchUpMs?: number;
  /** Whether nothing is taken. Default: false. */
  isDryRun?: boolean;
  /** Whether what failed is retried at once. Default: false. */
  retryNow?: boolean;
  /** What outlives this process. Default: files in the user's folder. */
  memory?: Memory;
  log: Log;
  /** Told how it goes. Default: nobody is. */
  monitor?: RunMonitor;
}

/** Who is told how a run goes. */
export interface RunMonitor {
  /** These schedules are to be worked on. */
  expect(schedules: readonly Schedule[]): void;
  /** Work on a schedule begins. */
  begin(schedule: Schedule): void;
  /** The location does not have the slot's backup, which is about to be taken. */
  missing(schedule: Schedule): void;
  /** Work on a schedule has ended. */
  end(report: Report): void;
}

/**
 * Takes the backups that are due. A location takes one backup at a time, so schedules with the same
 * location run one after the other, and those with different locations in parallel.
 */
export async function runDue(
  schedules: readonly Schedule[],
  options: RunOptions,
): Promise<Report[]> {
  if (!options.isDryRun) options.monitor?.expect(schedules);
  const reports: Report[] = [];
  const groups = [...byLocation(schedules).values()];
  const work = async () => {
    for (let group = groups.shift(); group; group = groups.shift()) {
      for (const schedule of group) reports.push(await runSchedule(schedule, options));
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, work));
  return schedules.flatMap((schedule) => reports.find((one) => one.schedule === schedule) ?? []);
}

/** The schedules of each location. */
export function byLocation(schedules: readonly Schedule[]): Map<string, Schedule[]> {
  return Map.groupBy(schedules, storeOf);
}

/** Takes the backup of a schedule's slot, if it is due, and logs what happened. */
export async function runSchedule(schedule: Schedule, options: RunOptions): Promise<Report> {
  if (!options.isDryRun) options.monitor?.begin(schedule);
  const report = await new ScheduleRun(schedule, options).run();
  return reported(report, options);
}

/** Logs what happened, and tells those who monitor it. */
export function reported(report: Report, options: RunOptions): Report {
  logReport(report, options);
  if (!options.isDryRun) options.monitor?.end(report);
  return report;
}
