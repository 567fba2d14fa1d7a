import { backoff } from "../../../provider/process/backoff";
import type { Clock } from "../../../provider/process/clock";
import { inUtc } from "../../terminal/time";
import { type Loaded, type Schedule, seriesOf } from "../schedules/schedule";
import { currentSlot } from "./due";
import { byLocation, isFailure, type Report, type RunOptions, runSchedule } from "./run";
import { nextSlot } from "./slots";

/** How a runner stays up. */
export interface WatchOptions extends RunOptions {
  /** Reads the schedules anew. */
  load(): Promise<Loaded>;
  /** Called whenever a location is done, with the newest report of each schedule. */
  onReports(reports: readonly Report[], loaded: Loaded): Promise<void>;
}

const minute = 60_000;

/** Schedules are read anew before they are used, and at least this often. */
const longestKept = 60 * minute;

/** A slot that could not be tried is retried after a minute, then after twice as long each time. */
const retries = { baseMs: minute, capMs: 30 * minute };

/** A slot that is settled, or one that failed and is retried. */
type Progress = { slot: number; failures: number; retryAt: number };

/**
 * Takes each slot when it comes, until the signal is aborted. Nothing else starts at a location while a
 * backup runs there; afterwards only the newest slot of each schedule is due.
 *
 * @returns the newest report of each schedule
 */
export async function watch(options: WatchOptions): Promise<Report[]> {
  return new Watch(options).run();
}

class Watch {
  readonly #options: WatchOptions;
  readonly #clock: Clock;
  readonly #progress = new Map<string, Progress>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #reports = new Map<string, Report>();
  #loaded: Loaded = { schedules: [], failures: [] };
  #loadedAt = Number.NEGATIVE_INFINITY;
  #reported = Promise.resolve();
  /** Ends the sleep. */
  #waker = new AbortController();

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#clock = options.clock;
  }

  async run(): Promise<Report[]> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      await this.#reload();
      this.#waker = new AbortController();
      this.#start();
      const signals = AbortSignal.any([signal, this.#waker.signal]);
      // Whatever ended the sleep, the next round finds out why.
      await this.#clock.sleep(this.#pause(), signals).catch(() => {});
    }
    await Promise.all(this.#running.values());
    return [...this.#reports.values()];
  }

  async #reload(): Promise<void> {
    const age = this.#clock.now() - this.#loadedAt;
    const { schedules: known, failures } = this.#loaded;
    const isWanted = failures.length > 0 || known.some((schedule) => this.#isDue(schedule));
    if (age < minute || (age < longestKept && !isWanted)) return;
    const { load, log } = this.#options;
    const loaded = await load();
    for (const { message } of loaded.failures) log({ level: "error", message });
    this.#loadedAt = this.#clock.now();
    // Schedules that are an hour old are better than none.
    const isKept = loaded.failures.length > 0 && known.length > 0;
    this.#loaded = isKept ? { ...loaded, schedules: known } : loaded;
    this.#options.monitor?.expect(this.#loaded.schedules);
    if (loaded.failures.length > 0) await this.#report();
  }

  #isDue(schedule: Schedule): boolean {
    const now = this.#clock.now();
    const slot = currentSlot(schedule, now, this.#options.overdueAfterMs);
    if (schedule.suspend || slot === undefined) return false;
    const progress = this.#progress.get(seriesOf(schedule));
    return progress?.slot !== slot.time || progress.retryAt <= now;
  }

  #start(): void {
    for (const [location, group] of byLocation(this.#loaded.schedules)) {
      if (this.#running.has(location)) continue;
      if (this.#running.size >= this.#options.parallel) return;
      const due = group.filter((schedule) => this.#isDue(schedule));
      if (due.length === 0) continue;
      const work = this.#work(due).finally(() => {
        this.#running.delete(location);
        this.#waker.abort();
      });
      this.#running.set(location, work);
    }
  }

  async #work(due: readonly Schedule[]): Promise<void> {
    for (const schedule of due) {
      const report = await runSchedule(schedule, this.#options);
      this.#reports.set(seriesOf(schedule), report);
      this.#note(report);
    }
    await this.#report();
  }

  /** One at a time, since reports are written to one file. */
  #report(): Promise<void> {
    const { onReports } = this.#options;
    this.#reported = this.#reported.then(() => onReports(this.#newest(), this.#loaded));
    return this.#reported;
  }

  #note(report: Report): void {
    const { schedule, slot = 0 } = report;
    const key = seriesOf(schedule);
    const before = this.#progress.get(key);
    if (!isFailure(report)) {
      this.#progress.set(key, { slot, failures: 0, retryAt: Number.POSITIVE_INFINITY });
      return;
    }
    const failures = (before?.slot === slot ? before.failures : 0) + 1;
    // What has cost the server a backup is remembered, and has its own time.
    const retryAt = report.retryAt ?? this.#clock.now() + backoff(failures, 1, retries);
    this.#progress.set(key, { slot, failures, retryAt });
    const message = `retrying at ${inUtc(Math.floor(retryAt / 1_000) * 1_000)}`;
    this.#options.log({ level: "warning", message, schedule });
  }

  /** The newest reports of the schedules that still exist. */
  #newest(): Report[] {
    return this.#loaded.schedules.flatMap((one) => this.#reports.get(seriesOf(one)) ?? []);
  }

  /** Milliseconds until something may be due; at most a minute, since the machine may be suspended. */
  #pause(): number {
    const now = this.#clock.now();
    const times = this.#loaded.schedules.flatMap((schedule) => {
      const retryAt = this.#progress.get(seriesOf(schedule))?.retryAt;
      return [nextSlot(schedule, now), retryAt].filter((time) => time !== undefined);
    });
    const next = Math.min(...times.filter((time) => time > now), now + minute);
    return next - now;
  }
}
