import { utc } from "../../../provider/resource/values";
import { duration } from "../../../provider/resource/wait";
import { zoned } from "../../terminal/time";
import type { Report, Result, RunOptions } from "../runner/run";
import { nextSlot } from "../runner/slots";
import type { Log, LogEntry } from "./log";

const levels: Partial<Record<Result, LogEntry["level"]>> = {
  failed: "error",
  interrupted: "warning",
  delayed: "warning",
};

/** Logs what a run did about a schedule, with facts for programs. */
export function logReport(report: Report, { log, clock }: Pick<RunOptions, "log" | "clock">): void {
  const { schedule, result, slot, backupId, durationMs, retryAt } = report;
  const facts: Parameters<Log>[0]["facts"] = {
    result,
    backupId,
    slot: slot === undefined ? undefined : utc(slot),
    durationSeconds: durationMs === undefined ? undefined : durationMs / 1_000,
    retryAt: retryAt === undefined ? undefined : utc(retryAt),
  };
  const isLeftOverdue = result === "elsewhere" && report.isOverdue;
  // An ID that the server has just called taken may be a backup that can't be read.
  const isDoubtful = result === "expired" && report.reason !== undefined;
  const level = isLeftOverdue ? "error" : isDoubtful ? "warning" : (levels[result] ?? "info");
  log({ level, message: messageOf(report, clock.now()), schedule, facts });
}

function messageOf(report: Report, now: number): string {
  const { schedule, result, backupId, reason, durationMs = 0 } = report;
  const next = nextSlot(schedule, now);
  const then = next === undefined ? "" : `; next slot: ${zoned(next, schedule.timezone)}`;
  switch (result) {
    case "taken":
      return `took ${backupId} in ${duration(durationMs)}${then}`;
    case "found":
      return `${backupId} exists${then}`;
    case "expired":
      return `${backupId} was taken, and has been removed from the location since${reason ? ` (${reason})` : ""}${then}`;
    case "lapsed":
      return `${backupId} is not taken: ${reason}${then}`;
    case "due":
      return `${backupId} is due; without --dry-run it would be taken now`;
    case "suspended":
      return "suspended";
    case "waiting":
      return `not due yet${then}`;
    case "running":
      return `${backupId} is under way`;
    case "elsewhere":
      return `left to the other runner${report.isOverdue ? `, and overdue: ${backupId} is not taken yet. The other runner's log says what it waits for` : ""}`;
    case "failed":
    case "delayed":
    case "interrupted":
      return `${backupId}: ${reason}`;
  }
}
