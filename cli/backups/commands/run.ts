import { constants } from "node:os";
import { type Command, Option } from "commander";
import { systemClock } from "../../../provider/process/clock";
import { Connections } from "../connections";
import { count, httpUrl, overdueAfterFlag, timeFlag } from "../flags";
import { createLog, type LogFormat, logFormats } from "../reporting/log";
import { publish } from "../reporting/publish";
import { type Report, runDue } from "../runner/run";
import { type WatchOptions, watch } from "../runner/watch";
import { type SourceFlags, sourcesOf, withSources } from "../schedules/flags";
import { loadSchedules } from "../schedules/schedule";

interface Flags extends SourceFlags {
  watch?: boolean;
  dryRun?: boolean;
  deadline: number;
  grace: number;
  parallel: number;
  overdueAfter: number;
  metricsFile?: string;
  pingUrl?: URL;
  pingFailureUrl?: URL;
  log: LogFormat;
}

const help = `
A backup is due if the location does not list the ID of the schedule's last slot. After several missed
slots, only the newest one is taken. Any number of runners may run at the same time.

Exit codes:
  0         every backup that was due exists; with --watch: stopped while idle
  1         something failed: the reason is on standard error, and the next run retries
  130, 143  stopped during a backup by Ctrl-C or SIGTERM`;

/** Adds `formations backups run`. */
export function addRun(backups: Command): void {
  withSources(backups.command("run"))
    .description("take the backups that are due, then exit")
    .option("--watch", "keep running, and take each backup when it is due")
    .option("--dry-run", "only show what would be done")
    .addOption(timeFlag("--deadline <time>", "time limit for one backup, including queueing", "2h"))
    .addOption(
      timeFlag(
        "--grace <time>",
        "how long to keep checking the list after the limit (the server may still finish)",
        "10m",
      ),
    )
    .option("--parallel <number>", "number of locations to back up to at the same time", count, 4)
    .addOption(overdueAfterFlag())
    .optionsGroup("Monitoring:")
    .option("--metrics-file <path>", "write Prometheus metrics for a textfile collector")
    .option("--ping-url <url>", "POST here on success; `/fail` is appended on failure", httpUrl)
    .option("--ping-failure-url <url>", "POST here on failure instead", httpUrl)
    .addOption(
      new Option("--log <format>", "log format: text or JSON lines")
        .choices(logFormats)
        .default("text"),
    )
    .addHelpText("after", help)
    .action(action);
}

async function action(flags: Flags): Promise<void> {
  const sources = sourcesOf(flags, new Connections());
  const log = createLog(flags.log, systemClock);
  const { signal, exitCode } = untilSignal();
  const options: WatchOptions = {
    clock: systemClock,
    signal,
    log,
    deadlineMs: flags.deadline,
    graceMs: flags.grace,
    parallel: flags.parallel,
    overdueAfterMs: flags.overdueAfter,
    isDryRun: flags.dryRun,
    load: () => loadSchedules(sources),
    async onReports(reports, { failures }) {
      if (signal.aborted || flags.dryRun) return;
      const outcome = { reports, failures: failures.map(({ message }) => message) };
      await publish(outcome, flags, options);
    },
  };
  const reports = await (flags.watch ? watch(options) : runOnce(options));
  if (reports.some(({ result }) => result === "interrupted")) process.exitCode = exitCode();
}

async function runOnce(options: WatchOptions): Promise<Report[]> {
  const loaded = await options.load();
  for (const { message } of loaded.failures) options.log({ level: "error", message });
  const reports = await runDue(loaded.schedules, options);
  await options.onReports(reports, loaded);
  const isFailed = loaded.failures.length > 0 || reports.some(({ result }) => result === "failed");
  if (isFailed) process.exitCode = 1;
  return reports;
}

/** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process as usual. */
function untilSignal() {
  const aborter = new AbortController();
  let code = 1;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      code = 128 + constants.signals[name];
      aborter.abort(new Error(`stopped by ${name}`));
    });
  }
  return { signal: aborter.signal, exitCode: () => code };
}
