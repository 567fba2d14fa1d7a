import { constants } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../../../provider/process/clock";
import { createLog, type Log, type LogFormat, logFormats } from "../reporting/log";
import { writeMetrics } from "../reporting/metrics";
import { type PingUrls, ping } from "../reporting/ping";
import { type Report, runDue } from "../runner/run";
import { watch } from "../runner/watch";
import { count, type SourceOptions, sourcesOf, timeSpan, withSources } from "../schedules/flags";
import { type Loaded, loadSchedules, titleOf } from "../schedules/schedule";

interface Options extends SourceOptions {
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
A backup is due when the location does not list the ID of the schedule's last slot. Of slots that were
missed only the newest is taken. Any number of runners may run at once.

Ends with
  0    when everything that was due is there, or nothing was due; --watch: when it was told to end
  1    when something failed; the reason is on the error stream, and the next run tries again
  129  and more: when a signal ended it in the middle of a backup: 130 by Ctrl-C, 143 by SIGTERM`;

/** Adds `formations backups run`. */
export function describeRun(backups: Command): void {
  withSources(backups.command("run").description("takes the backups that are due, and ends"))
    .optionsGroup("How:")
    .option("--watch", "stays up, and wakes at each slot")
    .option("--dry-run", "looks, and says what it would do")
    .addOption(
      new Option("--deadline <time>", "how long one backup's call, or its turn, is waited for")
        .argParser(timeSpan)
        .default(timeSpan("2h"), "2h"),
    )
    .addOption(
      new Option("--grace <time>", "how long the list is looked at after that: the server goes on")
        .argParser(timeSpan)
        .default(timeSpan("10m"), "10m"),
    )
    .option("--parallel <number>", "how many locations at once", count, 4)
    .addOption(overdueAfter())
    .optionsGroup("Monitoring:")
    .option("--metrics-file <path>", "writes Prometheus' text format, for a textfile collector")
    .option(
      "--ping-url <url>",
      "told by a POST when all is well; with /fail behind it when not",
      url,
    )
    .option("--ping-failure-url <url>", "told instead of that when not", url)
    .addOption(
      new Option("--log <format>", "what is said: text, or an object of JSON a line")
        .choices(logFormats)
        .default("text"),
    )
    .addHelpText("after", help)
    .action(run);
}

/** How long a backup may be missing; `status` has it too. */
export function overdueAfter(): Option {
  return new Option(
    "--overdue-after <time>",
    "how long after its slot a backup that is missing counts as overdue",
  )
    .argParser(timeSpan)
    .default(timeSpan("1h"), "1h");
}

function url(text: string): URL {
  const read = URL.parse(text);
  if (read && /^https?:$/.test(read.protocol)) return read;
  throw new InvalidArgumentError("It is no URL of http or https.");
}

async function run(options: Options): Promise<void> {
  const clock = systemClock;
  const log = createLog(options.log, clock);
  const sources = sourcesOf(options);
  const { signal, endedBy } = untilSignal();
  const running = {
    ...{ clock, signal, log },
    deadlineMs: options.deadline,
    graceMs: options.grace,
    parallel: options.parallel,
    overdueAfterMs: options.overdueAfter,
    isDryRun: options.dryRun,
  };
  const load = () => loadSchedules(sources);
  const onReports = (reports: readonly Report[], { failures }: Loaded) =>
    signal.aborted || options.dryRun
      ? Promise.resolve()
      : publish(
          reports,
          failures.map(({ message }) => message),
          options,
          log,
        );
  if (options.watch) {
    const reports = await watch({ ...running, load, onReports });
    if (isInterrupted(reports)) process.exitCode = endedBy();
    return;
  }
  const loaded = await load();
  for (const { message } of loaded.failures) log({ level: "error", message });
  const reports = await runDue(loaded.schedules, running);
  await onReports(reports, loaded);
  const isFailed = loaded.failures.length > 0 || reports.some(({ result }) => result === "failed");
  if (isFailed) process.exitCode = 1;
  if (isInterrupted(reports)) process.exitCode = endedBy();
}

function isInterrupted(reports: readonly Report[]): boolean {
  return reports.some(({ result }) => result === "interrupted");
}

/** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process as it always does. */
function untilSignal() {
  const aborter = new AbortController();
  let code = 1;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      code = 128 + constants.signals[name];
      aborter.abort(new Error(`ended by ${name}`));
    });
  }
  return { signal: aborter.signal, endedBy: () => code };
}

/** Tells those who watch over the backups. That they can't be told is a warning only. */
async function publish(
  reports: readonly Report[],
  failures: readonly string[],
  { metricsFile, pingUrl, pingFailureUrl }: Options,
  log: Log,
): Promise<void> {
  const clock = systemClock;
  const failed = reports.filter(({ result }) => result === "failed");
  const isWell = failed.length === 0 && failures.length === 0;
  if (metricsFile) {
    await writeMetrics(metricsFile, { reports, isWell, now: clock.now() }).catch((error: Error) => {
      const message = `the metrics can't be written: ${error.message}`;
      log({ level: "warning", message });
    });
  }
  const urls: PingUrls = { success: pingUrl, failure: pingFailureUrl };
  const told = isWell
    ? reports.map(
        ({ schedule, backupId, result }) => `${titleOf(schedule)}: ${backupId ?? ""} ${result}`,
      )
    : [...failures, ...failed.map(({ schedule, reason }) => `${titleOf(schedule)}: ${reason}`)];
  await ping(urls, isWell, told.join("\n"), { log, clock });
}
