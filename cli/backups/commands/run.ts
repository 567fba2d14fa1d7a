import { constants } from "node:os";
import { type Command, Option } from "commander";
import { systemClock } from "../../../provider/process/clock";
import { addDetails, type Details } from "../../details";
import { jsonFlag, timeFlag } from "../../flags";
import { Connections } from "../connections";
import { count, overdueAfterFlag, pingUrl, stateFolder, withMemory } from "../flags";
import { createLog, type LogFormat, logFormats } from "../reporting/log";
import { Monitor, type Monitors } from "../reporting/monitor";
import { elsewhere } from "../runner/elsewhere";
import { fileMemory, type Memory } from "../runner/memory";
import { isFailure, type Report, runDue } from "../runner/run";
import { type HeldSources, lockSources } from "../runner/source-lock";
import { type WatchOptions, watch } from "../runner/watch";
import { type SourceFlags, sourcesOf, withSources } from "../schedules/flags";
import { loadSchedules, type ScheduleSource } from "../schedules/schedule";

interface Flags extends SourceFlags, Monitors {
  watch?: boolean;
  dryRun?: boolean;
  retryNow?: boolean;
  deadline: number;
  grace: number;
  parallel: number;
  overdueAfter: number;
  catchUp?: number;
  stateDir?: string;
  log: LogFormat;
  json?: boolean;
}

const details: Details = {
  text: [
    "A backup is due if the location does not list the ID of the schedule's last slot, and it is certain that the backup was not taken and removed since. After several missed slots, only the newest one is taken. Any number of machines may have runners; on one machine, a second runner of the same stack or file leaves the work to the first.",
    "After a backup that failed, its slot is retried after a minute, then after twice as long each time, up to six hours.",
    "In a ping's URL, {name}, {stack} and {prefix} mean the schedule's own: each schedule is then reported on its own.",
  ],
  examples: [
    "formations backups run --stack production",
    "formations backups run --file schedules.json --watch",
    "formations backups run --schedule '0 3 * * *' --prefix nightly \\",
    "  --location s3://backups/production",
  ],
  exitCodes: {
    "0": "every backup that was due was taken, or another runner of this machine is at work on it; with --watch: stopped while idle",
    "1": "something failed or is overdue: the reason is on standard error, and a later run retries; with --watch: another runner is at work on the same schedules",
    "130": "Ctrl-C during a backup",
    "143": "SIGTERM during a backup",
  },
  page: "backups",
};

/** Adds `formations backups run`. */
export function addRun(backups: Command): void {
  const command = withSources(backups.command("run"))
    .description("take the backups that are due, then exit")
    .option("--watch", "keep running, and take each backup when it is due")
    .option("--dry-run", "only show what would be done")
    .option("--retry-now", "retry failed backups at once")
    .addOption(timeFlag("--deadline <time>", "time limit for one backup, including queueing", "2h"))
    .addOption(
      timeFlag(
        "--grace <time>",
        "how long to keep checking the list after the limit (the server may still finish)",
        "10m",
      ),
    )
    .option("--parallel <number>", "number of locations to back up to at the same time", count, 4)
    .addOption(overdueAfterFlag());
  withMemory(command)
    .optionsGroup("Monitoring:")
    .option("--metrics-file <file>", "write Prometheus metrics for a textfile collector")
    .option(
      "--ping-url <url>",
      "POST here on success; `/start` and `/fail` are appended at the start and on failure",
      pingUrl,
    )
    .option(
      "--ping-failure-url <url>",
      "POST here on failure instead, and not at the start",
      pingUrl,
    )
    .option("--ping-start-url <url>", "POST here at the start", pingUrl)
    .addOption(
      new Option("--log <format>", "log format: text or JSON lines")
        .choices(logFormats)
        .default("text"),
    )
    .addOption(jsonFlag("the same as --log json"))
    .action(action);
  addDetails(command, details);
}

async function action(flags: Flags): Promise<void> {
  const sources = sourcesOf(flags, new Connections());
  const log = createLog(flags.json ? "json" : flags.log, systemClock);
  const warn = (message: string) => log({ level: "warning", message });
  const folder = stateFolder(flags.stateDir);
  const { signal, exitCode } = untilSignal();
  const { overdueAfter: overdueAfterMs } = flags;
  const monitor = new Monitor(flags, { log, clock: systemClock, signal, overdueAfterMs });
  const memory = fileMemory(folder, warn);
  // A dry run only looks.
  const held = flags.dryRun
    ? { ours: sources, theirs: [], release: async () => {} }
    : await lockSources(sources, folder, systemClock.now(), warn);
  const options: WatchOptions & { memory: Memory } = {
    ...{ clock: systemClock, signal, log, memory, monitor },
    deadlineMs: flags.deadline,
    graceMs: flags.grace,
    parallel: flags.parallel,
    overdueAfterMs,
    catchUpMs: flags.catchUp,
    isDryRun: flags.dryRun,
    retryNow: flags.retryNow,
    load: () => loadSchedules(held.ours),
    async onReports(reports, { failures }) {
      if (flags.dryRun) return;
      await monitor.publish(
        reports,
        failures.map(({ message }) => message),
      );
    },
  };
  if (!flags.dryRun) monitor.open();
  try {
    const reports = await (flags.watch ? watchAlone(held, options) : runOnce(held, options));
    if (reports.some(({ result }) => result === "interrupted")) process.exitCode = exitCode();
  } finally {
    monitor.close();
    await held.release();
  }
}

async function runOnce(
  held: HeldSources,
  options: WatchOptions & { memory: Memory },
): Promise<Report[]> {
  const loaded = await load(held.ours);
  const others = await load(held.theirs.map(({ source }) => source));
  const failures = [...loaded.failures, ...others.failures];
  for (const { message } of failures) options.log({ level: "error", message });
  sayElsewhere(held, options);
  const reports = [
    ...(await runDue(loaded.schedules, options)),
    ...(await elsewhere(others.schedules, options)),
  ];
  await options.onReports(reports, { schedules: loaded.schedules, failures });
  if (failures.length > 0 || reports.some(isFailure)) process.exitCode = 1;
  return reports;
}

/** Two runners that stay up would only watch each other. */
async function watchAlone(held: HeldSources, options: WatchOptions): Promise<Report[]> {
  if (held.theirs.length === 0) return watch(options);
  sayElsewhere(held, options, "error");
  process.exitCode = 1;
  return [];
}

function sayElsewhere(
  { theirs }: HeldSources,
  { log }: WatchOptions,
  level: "info" | "error" = "info",
): void {
  for (const { source, runner } of theirs) {
    const message = `Another runner on this machine (${runner}) is at work on ${source.title}; this one leaves it the schedules there.`;
    log({ level, message });
  }
}

async function load(sources: readonly ScheduleSource[]) {
  return sources.length > 0 ? loadSchedules(sources) : { schedules: [], failures: [] };
}

/** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process at once. */
function untilSignal() {
  const aborter = new AbortController();
  let code = 1;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    // Not `once`: without a listener, that of the locks would end the process before it has said anything.
    process.on(name, () => {
      code = 128 + constants.signals[name];
      if (aborter.signal.aborted) process.exit(code);
      aborter.abort(new Error(`stopped by ${name}`));
    });
  }
  return { signal: aborter.signal, exitCode: () => code };
}
