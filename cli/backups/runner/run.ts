import type { AntflyApi } from "../../../provider/antfly/api";
import type { BackupInfo } from "../../../provider/antfly/endpoints";
import { FormationsError } from "../../../provider/errors";
import { utc } from "../../../provider/resource/values";
import { duration } from "../../../provider/resource/wait";
import type { Log } from "../reporting/log";
import { type Schedule, storeOf } from "../schedules/schedule";
import { tryLock } from "./location-lock";
import { type Ending, isWhole, type Patience, takeSlot } from "./slot-backup";
import { backupIdOf, lastSlot, nextSlot, slotOf } from "./slots";

/** How often a runner looks whether another one has ended, in milliseconds. */
const turnMs = 250;

/** What became of a schedule in a run. */
export type Result =
  | "taken"
  /** It was there already, or somebody else took it meanwhile. */
  | "found"
  | "failed"
  | "interrupted"
  /** A dry run leaves it so. */
  | "due"
  | "suspended"
  /** It never fired yet. */
  | "waiting";

/** One schedule of a run. Times in milliseconds since the epoch. */
export interface Report {
  schedule: Schedule;
  result: Result;
  /** Undefined: it never fired yet. */
  slot?: number;
  /** Of the slot's backup. */
  backupId?: string;
  /** What went wrong. */
  reason?: string;
  /** How long it took, where this run took it. */
  durationMs?: number;
  /** When the newest whole backup of the series was made, where the location could be listed. */
  lastSuccess?: number;
  isOverdue: boolean;
}

/** How a run goes about it. */
export interface RunOptions extends Omit<Patience, "onWait"> {
  /** How many locations are worked at once. */
  parallel: number;
  /** How long after its slot a backup that is missing counts as overdue, in milliseconds. */
  overdueAfterMs: number;
  /** Looks only. */
  isDryRun?: boolean;
  log: Log;
}

/**
 * Takes what is due. A location takes one backup at a time, so schedules of one location go one after
 * the other, and those of several side by side.
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

/** Takes the backup of a schedule's slot, if it is due, and says so in the log. */
export async function runSchedule(schedule: Schedule, options: RunOptions): Promise<Report> {
  const report = await attempt(schedule, options);
  tell(report, options);
  return report;
}

async function attempt(schedule: Schedule, options: RunOptions): Promise<Report> {
  const { clock, signal, isDryRun, log, overdueAfterMs } = options;
  const begun = clock.now();
  const slot = lastSlot(schedule, begun);
  if (schedule.suspend) return { schedule, slot, result: "suspended", isOverdue: false };
  if (slot === undefined) return { schedule, result: "waiting", isOverdue: false };
  const backupId = backupIdOf(schedule.backupIdPrefix, slot);
  const report = { schedule, slot, backupId };
  const missing = { ...report, isOverdue: begun - slot > overdueAfterMs };
  const there = { ...report, isOverdue: false };
  const onWait = (message: string) => log({ level: "warning", message, schedule });
  let lastSuccess: number | undefined;
  let api: AntflyApi | undefined;
  try {
    api = schedule.servers.at(schedule.url);
    const call = { signal, onWait };
    const series = await readSeries(api, schedule, call);
    lastSuccess = series[0] && Date.parse(series[0].timestamp);
    if (series.some((one) => one.backupId === backupId)) {
      return { ...there, result: "found", lastSuccess };
    }
    if (isDryRun) return { ...missing, result: "due", lastSuccess };
    log({ level: "info", message: `taking ${backupId}`, schedule, facts: { backupId } });
    const ending = await takeAlone(api, schedule, backupId, { ...options, onWait });
    if (ending.kind === "failed" || ending.kind === "interrupted") {
      return { ...missing, result: ending.kind, reason: ending.reason, lastSuccess };
    }
    const now = clock.now();
    return { ...there, result: ending.kind, lastSuccess: now, durationMs: now - begun };
  } catch (error) {
    if (signal.aborted) {
      const reason = `${backupId} was not begun.`;
      return { ...missing, result: "interrupted", reason, lastSuccess };
    }
    if (!(error instanceof FormationsError)) throw error;
    api?.forgetDialect();
    return { ...missing, result: "failed", reason: error.message, lastSuccess };
  }
}

/** Takes a slot; on a server that would start a second backup over a running one, when that has ended. */
async function takeAlone(
  api: AntflyApi,
  schedule: Schedule,
  backupId: string,
  patience: Patience,
): Promise<Ending> {
  const { location, connection, tableNames, format } = schedule;
  const request = { backupId, location, connection, tableNames, format };
  const { clock, signal, onWait, deadlineMs } = patience;
  if ((await api.dialect({ signal })) !== "v0.1") return takeSlot(api, request, patience);
  const until = clock.now() + deadlineMs;
  for (let isFirst = true; ; isFirst = false) {
    const release = await tryLock(storeOf(schedule), onWait);
    if (release) {
      try {
        // Whoever held it may have taken it.
        const series = await readSeries(api, schedule, { signal, onWait });
        const found = series.find((one) => one.backupId === backupId);
        if (found) return { kind: "found", tables: found.tables };
        return await takeSlot(api, request, patience);
      } finally {
        await release();
      }
    }
    const reason = `Another runner of this machine takes a backup at ${location}.`;
    if (clock.now() >= until) return { kind: "failed", reason };
    if (isFirst) onWait(`${reason} Waiting for it.`);
    await clock.sleep(turnMs, signal);
  }
}

/** The whole backups of a schedule that its location lists, the newest slot first. */
export async function readSeries(
  api: AntflyApi,
  schedule: Schedule,
  call: { signal: AbortSignal; onWait?: (text: string) => void },
): Promise<BackupInfo[]> {
  const { location, connection, tableNames, backupIdPrefix } = schedule;
  const dialect = await api.dialect(call);
  const listed = await api.backups({ location, connection }, call);
  const slotOfBackup = ({ backupId }: BackupInfo) => slotOf(backupIdPrefix, backupId);
  return listed
    .filter((one) => slotOfBackup(one) !== undefined && isWhole(one, { tableNames }, dialect))
    .toSorted((left, right) => (slotOfBackup(right) ?? 0) - (slotOfBackup(left) ?? 0));
}

function tell(report: Report, { log, clock }: RunOptions): void {
  const { schedule, result, slot, backupId, reason, durationMs } = report;
  const level = result === "failed" ? "error" : result === "interrupted" ? "warning" : "info";
  const facts = {
    result,
    backupId,
    slot: slot === undefined ? undefined : utc(slot),
    durationSeconds: durationMs === undefined ? undefined : durationMs / 1_000,
  };
  log({ level, message: messageOf(), schedule, facts });

  function messageOf(): string {
    const next = nextSlot(schedule, clock.now());
    const then = next === undefined ? "" : `; the next slot is ${utc(next)}`;
    switch (result) {
      case "taken":
        return `took ${backupId} in ${duration(durationMs ?? 0)}${then}`;
      case "found":
        return `${backupId} is there${then}`;
      case "due":
        return `${backupId} is due: it would be taken now`;
      case "suspended":
        return "suspended";
      case "waiting":
        return `has never been due yet${then}`;
      default:
        return `${backupId}: ${reason}`;
    }
  }
}
