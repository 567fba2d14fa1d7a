import { randomUUID } from "node:crypto";
import type { Clock } from "../../../provider/process/clock";
import { currentSlot } from "../runner/due";
import { isFailure, type Report, type RunMonitor } from "../runner/run";
import { type Schedule, seriesOf, titleOf } from "../schedules/schedule";
import type { Log } from "./log";
import { writeMetrics } from "./metrics";
import { type PingKind, type PingUrls, ping } from "./ping";
import { fillIn, hasPlaceholder } from "./ping-url";

/** Where a run is reported. */
export interface Monitors {
  metricsFile?: string;
  /** A URL that may have the placeholders `{name}`, `{stack}` and `{prefix}`. */
  pingUrl?: string;
  pingFailureUrl?: string;
  pingStartUrl?: string;
}

/** What a monitor works with. */
export interface MonitorOptions {
  log: Log;
  clock: Clock;
  /** Aborted when the runner has to stop: the last pings are then sent once, and quickly. */
  signal: AbortSignal;
  overdueAfterMs: number;
}

/** Reports are written again at least so often, in milliseconds: an hour-long backup is not silence. */
const beatMs = 60_000;

/** Everything that one URL is told of: one schedule, or, without placeholders, the whole run. */
interface Channel {
  urls: PingUrls;
  /** Ties a start to its end, as Healthchecks.io has it. */
  rid: string;
  /** Pings in order. */
  sent: Promise<void>;
}

/**
 * Tells those who monitor the backups how they go: metrics in a file, and pings to a service. A failure to
 * do so is a warning.
 */
export class Monitor implements RunMonitor {
  readonly #monitors: Monitors;
  readonly #options: MonitorOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #reports = new Map<string, Report>();
  /** Why schedules could not be read. */
  #failures: readonly string[] = [];
  /** Whether work has begun since all of it was last reported. */
  #hasBegun = false;
  #beat: NodeJS.Timeout | undefined;

  constructor(monitors: Monitors, options: MonitorOptions) {
    this.#monitors = monitors;
    this.#options = options;
  }

  /** Writes metrics while the run goes on, until {@link close}. */
  open(): void {
    this.#beat = setInterval(() => void this.#writeMetrics(), beatMs).unref();
  }

  expect(schedules: readonly Schedule[]): void {
    for (const schedule of schedules) {
      const key = seriesOf(schedule);
      if (!this.#reports.has(key)) this.#reports.set(key, this.#running(schedule));
    }
  }

  begin(schedule: Schedule): void {
    const startedAt = this.#options.clock.now();
    this.#reports.set(seriesOf(schedule), { ...this.#running(schedule), startedAt });
    // One URL for all is told once that work has begun, and then how all of it went.
    if (this.#isShared && this.#hasBegun) return;
    this.#hasBegun = true;
    this.#channels.delete(this.#key(schedule));
    this.#send(this.#channel(schedule), "start", titleOf(schedule));
  }

  missing(schedule: Schedule): void {
    const key = seriesOf(schedule);
    const known = this.#reports.get(key) ?? this.#running(schedule);
    this.#reports.set(key, { ...known, isMissing: true });
  }

  /** A schedule with a URL of its own is reported at once. */
  end(report: Report): void {
    this.#reports.set(seriesOf(report.schedule), report);
    if (this.#isShared) return;
    const kind = kindOf(report);
    if (kind) this.#send(this.#channel(report.schedule), kind, lineOf(report));
  }

  /** Reports where a run is: its metrics, and to a URL for all schedules whether all is well. */
  async publish(reports: readonly Report[], failures: readonly string[]): Promise<void> {
    this.#failures = failures;
    this.#hasBegun = false;
    for (const report of reports) this.#reports.set(seriesOf(report.schedule), report);
    const known = new Set(reports.map(({ schedule }) => seriesOf(schedule)));
    for (const [key, { result }] of this.#reports) {
      if (!known.has(key) && result !== "running") this.#reports.delete(key);
    }
    await this.#writeMetrics();
    if (this.#isShared) this.#publishAll(reports);
    else if (failures.length > 0) this.#sendUnread();
    await Promise.all([...this.#channels.values()].map(({ sent }) => sent));
  }

  close(): void {
    clearInterval(this.#beat);
  }

  #publishAll(reports: readonly Report[]): void {
    const kinds = reports.map(kindOf);
    const isWell = this.#failures.length === 0 && !kinds.includes("failure");
    if (isWell && reports.length > 0 && kinds.every((kind) => kind === undefined)) return;
    const bad = reports.filter((report) => kindOf(report) === "failure");
    const lines = isWell ? reports.map(lineOf) : [...this.#failures, ...bad.map(lineOf)];
    this.#send(this.#channel(), isWell ? "success" : "failure", lines.join("\n"));
  }

  /** A source that can't be read fails no schedule that is known: those that were known before are told. */
  #sendUnread(): void {
    for (const { schedule } of this.#reports.values()) {
      this.#send(this.#channel(schedule), "failure", this.#failures.join("\n"));
    }
  }

  get #isShared(): boolean {
    return (
      !hasPlaceholder(this.#monitors.pingUrl) && !hasPlaceholder(this.#monitors.pingFailureUrl)
    );
  }

  #key(schedule: Schedule | undefined): string {
    return this.#isShared || !schedule ? "" : seriesOf(schedule);
  }

  #channel(schedule?: Schedule): Channel {
    const key = this.#key(schedule);
    const found = this.#channels.get(key);
    if (found) return found;
    const { pingUrl, pingFailureUrl, pingStartUrl } = this.#monitors;
    const url = (text: string | undefined) => (text ? new URL(fillIn(text, schedule)) : undefined);
    const urls = { success: url(pingUrl), failure: url(pingFailureUrl), start: url(pingStartUrl) };
    const made = { urls, rid: randomUUID(), sent: Promise.resolve() };
    this.#channels.set(key, made);
    return made;
  }

  #send(channel: Channel, kind: PingKind, text: string): void {
    const { log, signal } = this.#options;
    const { urls, rid } = channel;
    channel.sent = channel.sent.then(() => ping(urls, kind, text, { log, rid, signal }));
  }

  /** What is known of a schedule before anybody has looked. */
  #running(schedule: Schedule): Report {
    const { clock, overdueAfterMs } = this.#options;
    const slot = currentSlot(schedule, clock.now(), overdueAfterMs);
    const { time, backupId } = slot ?? {};
    return { schedule, result: "running", slot: time, backupId, isOverdue: false };
  }

  async #writeMetrics(): Promise<void> {
    const { metricsFile } = this.#monitors;
    // A file without any series would lose what the previous one had of them.
    const isEmpty = this.#reports.size === 0 && this.#failures.length === 0;
    if (!metricsFile || isEmpty) return;
    const { log, clock, overdueAfterMs } = this.#options;
    const now = clock.now();
    const reports = [...this.#reports.values()].map((report): Report => {
      if (report.result !== "running") return report;
      // A backup that takes long becomes overdue while it is under way.
      const isOverdue = currentSlot(report.schedule, now, overdueAfterMs)?.isLate === true;
      return { ...report, isOverdue };
    });
    const isWell = this.#failures.length === 0 && !reports.some(isFailure);
    await writeMetrics(metricsFile, { reports, isWell, now }).catch((error: Error) => {
      log({ level: "warning", message: `Cannot write the metrics: ${error.message}` });
    });
  }
}

/** What a monitoring service is told of a schedule; undefined: nothing, since there is nothing to tell yet. */
function kindOf(report: Report): PingKind | undefined {
  const { result, isOverdue } = report;
  if (isFailure(report) || result === "interrupted") return "failure";
  if (result === "lapsed") return isOverdue ? "failure" : "success";
  // Of what another runner does, that one tells.
  return ["running", "due", "elsewhere"].includes(result) ? undefined : "success";
}

function lineOf({ schedule, backupId = "", result, reason, isOverdue }: Report): string {
  const why = reason ?? (isOverdue ? `${backupId} is overdue` : undefined);
  return `${titleOf(schedule)}: ${why ?? `${backupId} ${result}`}`;
}
