import type { Clock } from "../../../provider/process/clock";
import type { Report } from "../runner/run";
import { titleOf } from "../schedules/schedule";
import type { Log } from "./log";
import { writeMetrics } from "./metrics";
import { ping } from "./ping";

/** What a run did. */
export interface RunOutcome {
  reports: readonly Report[];
  /** Why schedules could not be read. */
  failures: readonly string[];
}

/** Where to report it. */
export interface Monitors {
  metricsFile?: string;
  pingUrl?: URL;
  pingFailureUrl?: URL;
}

/** Reports a run to those who monitor the backups. A failure to do so is a warning. */
export async function publish(
  { reports, failures }: RunOutcome,
  { metricsFile, pingUrl, pingFailureUrl }: Monitors,
  { log, clock }: { log: Log; clock: Clock },
): Promise<void> {
  const failed = reports.filter(({ result }) => result === "failed");
  const isWell = failed.length === 0 && failures.length === 0;
  if (metricsFile) {
    await writeMetrics(metricsFile, { reports, isWell, now: clock.now() }).catch((error: Error) => {
      log({ level: "warning", message: `Cannot write the metrics: ${error.message}` });
    });
  }
  const lines = isWell
    ? reports.map(
        ({ schedule, backupId, result }) => `${titleOf(schedule)}: ${backupId ?? ""} ${result}`,
      )
    : [...failures, ...failed.map(({ schedule, reason }) => `${titleOf(schedule)}: ${reason}`)];
  await ping({ success: pingUrl, failure: pingFailureUrl }, isWell, lines.join("\n"), { log });
}
