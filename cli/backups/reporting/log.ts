import type { Clock } from "../../../provider/process/clock";
import { print } from "../../../provider/process/output";
import { fail, note, tell } from "../../say";
import { type Schedule, titleOf } from "../schedules/schedule";

/** A message, with its facts for programs that read the log. */
export interface LogEntry {
  level: "info" | "warning" | "error";
  message: string;
  schedule?: Schedule;
  /** Stable names: `backupId`, `result`, `slot` (RFC 3339, UTC), `durationSeconds`, `tables`. */
  facts?: Record<string, string | number | readonly string[] | undefined>;
}

export type Log = (entry: LogEntry) => void;

export const logFormats = ["text", "json"] as const;
export type LogFormat = (typeof logFormats)[number];

/**
 * Writes to the standard streams. As text, successes go to standard output and the rest to standard error,
 * so that cron mails problems only. As JSON, everything goes to the output, one object per line.
 */
export function createLog(format: LogFormat, clock: Clock): Log {
  return ({ level, message, schedule, facts }) => {
    if (format === "json") {
      const { name, stack, location } = schedule ?? {};
      const time = new Date(clock.now()).toISOString();
      print(JSON.stringify({ time, level, message, schedule: name, stack, location, ...facts }));
      return;
    }
    const write = { info: tell, warning: note, error: fail }[level];
    write(schedule ? `${titleOf(schedule)}: ${message}` : message);
  };
}
