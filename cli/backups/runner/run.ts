import type { AntflyApi } from "../../../provider/antfly/api";
import { FormationsError } from "../../../provider/errors";
import { utc } from "../../../provider/resource/values";
import { duration, waitUntil } from "../../../provider/resource/wait";
import type { Log } from "../reporting/log";
import { type Schedule, storeOf } from "../schedules/schedule";
import { currentSlot, type Slot, type Standing, standingOf } from "./due";
import { type LocationLock, lockLocation } from "./location-lock";
import { type BackupLimits, type SlotOutcome, takeSlot } from "./slot-backup";
import { nextSlot } from "./slots";

/** How often a runner checks whether another one has finished, in milliseconds. */
const turnMs = 250;

/** What a run did about a schedule. */
export type Result =
  | "taken"
  /** The backup was there already, or somebody else took it in the meantime. */
  | "found"
  | "failed"
  | "interrupted"
  /** Left to a run that is not a dry run. */
  | "due"
  | "suspended"
  /** The schedule has never fired. */
  | "waiting";

/** One schedule of a run. Times are milliseconds since the epoch. */
export interface Report {
  schedule: Schedule;
  result: Result;
  /** Undefined: the schedule has never fired. */
  slot?: number;
  /** The ID of the slot's backup. */
  backupId?: string;
  /** What went wrong. */
  reason?: string;
  /** How long the backup took, if this run took it. */
  durationMs?: number;
  /** When the newest whole backup of the series was made, if the location could be listed. */
  lastSuccess?: number;
  isOverdue: boolean;
}

/** How a run takes backups. */
export interface RunOptions extends Omit<BackupLimits, "onWait"> {
  /** How many locations are backed up to at the same time. */
  parallel: number;
  /** How long after its slot a missing backup counts as overdue, in milliseconds. */
  overdueAfterMs: number;
  /** Whether nothing is taken. Default: false. */
  isDryRun?: boolean;
  log: Log;
}

/**
 * Takes the backups that are due. A location takes one backup at a time, so schedules with the same
 * location run one after the other, and those with different locations in parallel.
 */
export async function runDue(
  schedules: readonly Schedule[],
  options: RunOptions,
): Promise<Report[]> {
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
  const report = await takeIfDue(schedule, options);
  logReport(report, options);
  return report;
}

async function takeIfDue(schedule: Schedule, options: RunOptions): Promise<Report> {
  const { clock, signal, isDryRun, log, overdueAfterMs } = options;
  const started = clock.now();
  const slot = currentSlot(schedule, started, overdueAfterMs);
  if (schedule.suspend) {
    return { schedule, slot: slot?.time, result: "suspended", isOverdue: false };
  }
  if (!slot) return { schedule, result: "waiting", isOverdue: false };
  const { backupId } = slot;
  const onWait = (message: string) => log({ level: "warning", message, schedule });
  let api: AntflyApi | undefined;
  let standing: Standing | undefined;
  const report = (result: Result, more: Partial<Report> = {}): Report => {
    const isOverdue = slot.isLate && result !== "found" && result !== "taken";
    const lastSuccess = Date.parse(standing?.series[0]?.timestamp ?? "") || undefined;
    return { schedule, slot: slot.time, backupId, result, isOverdue, lastSuccess, ...more };
  };
  try {
    api = schedule.servers.at(schedule.url);
    standing = await standingOf(api, schedule, slot, { signal, onWait });
    if (standing.found) return report("found");
    if (isDryRun) return report("due");
    log({ level: "info", message: `taking ${backupId}`, schedule, facts: { backupId } });
    const outcome = await takeAlone(api, schedule, slot, { ...options, onWait });
    if (outcome.kind === "failed" || outcome.kind === "interrupted") {
      return report(outcome.kind, { reason: outcome.reason });
    }
    const now = clock.now();
    return report(outcome.kind, { lastSuccess: now, durationMs: now - started });
  } catch (error) {
    if (signal.aborted) return report("interrupted", { reason: `${backupId} was not started.` });
    if (!(error instanceof FormationsError)) throw error;
    api?.forgetDialect();
    return report("failed", { reason: error.message });
  }
}

/** Takes a slot. v0.1 would start a second backup over a running one, so runners take turns there. */
async function takeAlone(
  api: AntflyApi,
  schedule: Schedule,
  slot: Slot,
  limits: BackupLimits,
): Promise<SlotOutcome> {
  const { location, connection, tableNames, format } = schedule;
  const request = { backupId: slot.backupId, location, connection, tableNames, format };
  const { signal, onWait } = limits;
  if ((await api.dialect({ signal })) !== "v0.1") return takeSlot(api, request, limits);
  const lock = await waitForTurn(schedule, limits);
  try {
    // The runner that held the lock may have taken this backup.
    const { found } = await standingOf(api, schedule, slot, { signal, onWait });
    if (found) return { kind: "found", tables: found.tables };
    return await takeSlot(api, request, limits);
  } finally {
    await lock.release();
  }
}

/** @throws WaitTimedOut if another runner holds the location until the deadline */
async function waitForTurn(
  schedule: Schedule,
  { clock, signal, onWait, deadlineMs }: BackupLimits,
): Promise<LocationLock> {
  const store = storeOf(schedule);
  const lock = await lockLocation(store, onWait);
  if (lock.isOurs) return lock;
  const what = `another runner on this machine to finish its backup at ${schedule.location}`;
  onWait(`Waiting for ${what}.`);
  return waitUntil({
    what,
    poll: () => lockLocation(store, onWait),
    verdict: ({ isOurs }) => (isOurs ? "done" : "waiting"),
    describe: () => "the location is locked",
    deadline: clock.now() + deadlineMs,
    signal,
    clock,
    pace: { floor: turnMs, cap: turnMs },
    afterwards: "the next run tries again",
  });
}

function logReport(report: Report, { log, clock }: RunOptions): void {
  const { schedule, result, slot, backupId, durationMs } = report;
  const level = result === "failed" ? "error" : result === "interrupted" ? "warning" : "info";
  const facts = {
    result,
    backupId,
    slot: slot === undefined ? undefined : utc(slot),
    durationSeconds: durationMs === undefined ? undefined : durationMs / 1_000,
  };
  log({ level, message: messageOf(report, clock.now()), schedule, facts });
}

function messageOf(report: Report, now: number): string {
  const { schedule, result, backupId, reason, durationMs = 0 } = report;
  const next = nextSlot(schedule, now);
  const then = next === undefined ? "" : `; next slot: ${utc(next)}`;
  switch (result) {
    case "taken":
      return `took ${backupId} in ${duration(durationMs)}${then}`;
    case "found":
      return `${backupId} exists${then}`;
    case "due":
      return `${backupId} is due; without --dry-run it would be taken now`;
    case "suspended":
      return "suspended";
    case "waiting":
      return `not due yet${then}`;
    case "failed":
    case "interrupted":
      return `${backupId}: ${reason}`;
  }
}
