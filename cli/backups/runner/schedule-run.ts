import type { AntflyApi } from "../../../provider/antfly/api";
import { FormationsError } from "../../../provider/errors";
import { backoff } from "../../../provider/process/backoff";
import { duration, waitUntil } from "../../../provider/resource/wait";
import { zoned } from "../../terminal/time";
import { type Schedule, storeOf } from "../schedules/schedule";
import {
  currentSlot,
  type Evidence,
  isKnownMissing,
  type Slot,
  type Standing,
  standingOf,
} from "./due";
import { type LocationLock, lockLocation } from "./location-lock";
import { digest, fileMemory, type Memory, type SeriesMemory } from "./memory";
import type { Report, Result, RunOptions } from "./run";
import { type BackupLimits, type SlotOutcome, takeSlot } from "./slot-backup";

/** How often a runner checks whether another one has finished, in milliseconds. */
const turnMs = 250;

/** After a backup that failed, a slot is retried after a minute, then after twice as long each time. */
const retries = { baseMs: 60_000, capMs: 6 * 3_600_000 };

/** One schedule of a run: finds out whether its slot was taken, takes it if it is due, and remembers. */
export class ScheduleRun {
  readonly #schedule: Schedule;
  readonly #options: RunOptions;
  readonly #memory: Memory;
  readonly #started: number;
  #standing: Standing | undefined;
  #known: SeriesMemory | undefined;

  constructor(schedule: Schedule, options: RunOptions) {
    this.#schedule = schedule;
    this.#options = options;
    this.#memory = options.memory ?? fileMemory();
    this.#started = options.clock.now();
  }

  async run(): Promise<Report> {
    const { signal, overdueAfterMs } = this.#options;
    const schedule = this.#schedule;
    const slot = currentSlot(schedule, this.#started, overdueAfterMs);
    if (schedule.suspend) {
      return { schedule, slot: slot?.time, result: "suspended", isOverdue: false };
    }
    if (!slot) return { schedule, result: "waiting", isOverdue: false };
    const memory = await this.#memory.series(schedule);
    this.#known = memory;
    let api: AntflyApi | undefined;
    try {
      api = schedule.servers.at(schedule.url);
      return await this.#runSlot(api, slot, memory);
    } catch (error) {
      if (signal.aborted) {
        return this.#report(slot, "interrupted", { reason: `${slot.backupId} was not started.` });
      }
      if (!(error instanceof FormationsError)) throw error;
      api?.forgetDialect();
      return this.#report(slot, "failed", { reason: error.message });
    }
  }

  async #runSlot(api: AntflyApi, slot: Slot, memory: SeriesMemory): Promise<Report> {
    const { isDryRun, log, monitor } = this.#options;
    const standing = await this.#look(api, slot, memory);
    const { presence } = standing;
    if (isDryRun && presence === "missing") return this.#report(slot, "due");
    if (presence === "listed") return this.#settled(slot, memory, "found");
    if (presence === "expired") return this.#report(slot, "expired");
    if (presence === "lapsed") return this.#report(slot, "lapsed", { reason: this.#lapse(slot) });
    const known = await this.#noteMissing(slot, memory, standing);
    const delay = this.#delay(slot, known);
    if (delay) return delay;
    const { backupId } = slot;
    const schedule = this.#schedule;
    monitor?.missing(schedule);
    log({ level: "info", message: `taking ${backupId}`, schedule, facts: { backupId } });
    return this.#conclude(slot, known, await this.#take(api, slot, memory));
  }

  async #look(api: AntflyApi, slot: Slot, memory: SeriesMemory): Promise<Standing> {
    const { signal, catchUpMs, clock } = this.#options;
    const evidence: Evidence = { now: clock.now(), memory, catchUpMs };
    const onWait = this.#onWait;
    const standing = await standingOf(api, this.#schedule, slot, evidence, { signal, onWait });
    this.#standing = standing;
    return standing;
  }

  /** Remembers that the slot is missing, as long as that is certain. */
  async #noteMissing(slot: Slot, memory: SeriesMemory, { isCertain }: Standing) {
    const isNew = memory.slot !== slot.time;
    const base: SeriesMemory = isNew
      ? { taken: memory.taken, slot: slot.time, failures: 0 }
      : memory;
    const missingAt = isCertain ? this.#options.clock.now() : base.missingAt;
    const known = { ...base, missingAt };
    await this.#memory.rememberSeries(this.#schedule, known);
    return known;
  }

  /** The report of a slot that is not retried yet. A changed request is tried at once. */
  #delay(slot: Slot, { retryAt = 0, failures, reason, request }: SeriesMemory): Report | undefined {
    const { retryNow, clock } = this.#options;
    const { timezone } = this.#schedule;
    if (retryNow || retryAt <= clock.now() || request !== this.#request()) return undefined;
    const times = failures === 1 ? "failed" : `failed ${failures} times`;
    const text = `${times}, and is retried after ${zoned(retryAt, timezone)} (--retry-now does not wait). Last failure: ${reason}`;
    return this.#report(slot, "delayed", { reason: text, retryAt });
  }

  #lapse({ dueAt }: Slot): string {
    const { catchUpMs, clock } = this.#options;
    const age = duration(clock.now() - dueAt);
    if (catchUpMs !== undefined) {
      return `it was due ${age} ago, longer than --catch-up allows`;
    }
    return `it was due ${age} ago, and the location lists no backup of this series that is older, so it may have been taken and removed since. --catch-up takes it nevertheless`;
  }

  async #conclude(slot: Slot, memory: SeriesMemory, outcome: SlotOutcome): Promise<Report> {
    const now = this.#options.clock.now();
    switch (outcome.kind) {
      case "taken":
      case "found":
        await this.#memory.rememberUnended(this.#schedule, undefined);
        return this.#settled(slot, memory, outcome.kind, {
          lastSuccess: now,
          durationMs: now - this.#started,
        });
      case "expired":
        return this.#settled(slot, memory, "expired", { reason: outcome.reason });
      case "interrupted":
        return this.#report(slot, "interrupted", { reason: outcome.reason });
      case "failed":
        return this.#failed(slot, memory, outcome);
    }
  }

  /** A backup that failed after it had begun costs the server a backup, so its retries are further apart. */
  async #failed(
    slot: Slot,
    memory: SeriesMemory,
    { reason, hasBegun }: SlotOutcome & { kind: "failed" },
  ): Promise<Report> {
    if (!hasBegun) return this.#report(slot, "failed", { reason });
    const request = this.#request();
    const failures = (memory.request === request ? memory.failures : 0) + 1;
    const now = this.#options.clock.now();
    const took = Math.min(now - this.#started, retries.capMs);
    const retryAt = now + Math.max(backoff(failures, 1, retries), took);
    const known = { ...memory, failures, retryAt, reason, request };
    await this.#memory.rememberSeries(this.#schedule, known);
    return this.#report(slot, "failed", { reason, retryAt });
  }

  /** Remembers that the slot was taken: its removal from the location does not make it due again. */
  async #settled(
    slot: Slot,
    memory: SeriesMemory,
    result: Result,
    more: Partial<Report> = {},
  ): Promise<Report> {
    const isKnown = memory.taken === slot.time && memory.slot === undefined;
    if (!isKnown && !this.#options.isDryRun) {
      await this.#memory.rememberSeries(this.#schedule, { taken: slot.time, failures: 0 });
    }
    return this.#report(slot, result, more);
  }

  #report(slot: Slot, result: Result, more: Partial<Report> = {}): Report {
    const isTaken = result === "found" || result === "taken" || result === "expired";
    // Without a list, what this machine remembers counts.
    const isCertain = this.#standing?.isCertain ?? isKnownMissing(slot, this.#known, this.#started);
    const lastSuccess = Date.parse(this.#standing?.series[0]?.timestamp ?? "") || undefined;
    return {
      ...{ schedule: this.#schedule, slot: slot.time, backupId: slot.backupId, result },
      ...{ isOverdue: slot.isLate && !isTaken && isCertain, lastSuccess },
      ...more,
    };
  }

  /** Takes a slot. v0.1 would start a second backup over a running one, so runners take turns there. */
  async #take(api: AntflyApi, slot: Slot, memory: SeriesMemory): Promise<SlotOutcome> {
    const { location, connection, tableNames, format } = this.#schedule;
    const request = { backupId: slot.backupId, location, connection, tableNames, format };
    const limits = await this.#limits();
    const { signal } = limits;
    if ((await api.dialect({ signal })) !== "v0.1") return takeSlot(api, request, limits);
    const lock = await waitForTurn(this.#schedule, limits);
    try {
      // The runner that held the lock may have taken this backup.
      const { found } = await this.#look(api, slot, memory);
      if (found) return { kind: "found", tables: found.tables };
      return await takeSlot(api, request, limits);
    } finally {
      await lock.release();
    }
  }

  async #limits(): Promise<BackupLimits> {
    const { clock, signal, deadlineMs, graceMs, random } = this.#options;
    const unended = await this.#memory.unended(this.#schedule);
    const isListed = this.#standing?.listed.some(({ backupId }) => backupId === unended?.backupId);
    return {
      ...{ clock, signal, deadlineMs, graceMs, random, onWait: this.#onWait },
      unended: isListed ? undefined : unended,
      track: (what) => this.#memory.rememberUnended(this.#schedule, what),
    };
  }

  /** What is asked for, so that a schedule that was mended is tried at once. */
  #request(): string {
    const { connection, tableNames, format, url } = this.#schedule;
    return digest(JSON.stringify([connection, tableNames, format, url]));
  }

  readonly #onWait = (message: string): void => {
    this.#options.log({ level: "warning", message, schedule: this.#schedule });
  };
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
