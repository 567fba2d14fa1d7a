import { expect, onTestFinished, test } from "vitest";
import { watch } from "../../../../cli/backups/runner/watch.ts";
import type { Schedule } from "../../../../cli/backups/schedules/schedule.ts";
import type { Clock } from "../../../../provider/process/clock.ts";
import { due, place, start, world } from "../world.ts";

const hour = 3_600_000;

/** A clock that a test moves; who sleeps wakes when it gets there. */
class MovedClock implements Clock {
  readonly #sleepers = new Set<{ until: number; wake: () => void }>();
  #time: number;

  constructor(time: number) {
    this.#time = time;
  }

  now(): number {
    return this.#time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { until: this.#time + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      const leave = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      if (signal?.aborted) leave();
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  move(ms: number): void {
    this.#time += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > this.#time) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}

/** A runner that stays up, on a clock that the test moves. */
async function watching(change: (schedule: Schedule) => Partial<Schedule> = () => ({})) {
  const given = await world();
  const { simulator, aborter } = given;
  const clock = new MovedClock(given.clock.now());
  let loads = 0;
  const shown: string[][] = [];
  const schedules = [{ ...given.schedule(), ...change(given.schedule()) }];
  const ended = watch({
    ...given.options,
    clock,
    load: async () => {
      loads += 1;
      return { schedules, failures: [] };
    },
    onReports: async (reports) => void shown.push(reports.map(({ result }) => result)),
  });
  onTestFinished(async () => {
    aborter.abort();
    await ended;
  });
  return {
    ...given,
    clock,
    shown,
    ended,
    loads: () => loads,
    /** Lets time pass, minute by minute, for the runner and the server. */
    async pass(ms: number): Promise<void> {
      for (let left = ms; left > 0; left -= 60_000) {
        clock.move(60_000);
        simulator.clock.advance(60_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    posts: () => simulator.count("POST"),
  };
}

test("each slot is taken when it comes, and nothing is asked in between", async () => {
  const { simulator, pass, ids, shown } = await watching();
  await expect.poll(() => ids()).toEqual([due]);
  await expect.poll(() => shown).toEqual([["taken"]]);
  simulator.clearRequests();
  await pass(14 * hour);
  expect(simulator.requests).toEqual([]);
  await pass(hour);
  await expect.poll(() => ids()).toEqual([due, "nightly-20310116T030000Z"]);
  expect(simulator.count("POST")).toBe(1);
});

test("the next slot does not start over a backup that runs; afterwards only the newest is due", async () => {
  const { simulator, pass, ids, posts } = await watching(() => ({ schedule: "0 * * * *" }));
  await expect.poll(() => ids()).toEqual(["nightly-20310115T120000Z"]);
  simulator.backupSeconds = 3.5 * 3_600;
  await pass(hour);
  await expect.poll(() => posts()).toBe(2);
  await pass(3 * hour);
  expect(posts()).toBe(2);
  simulator.backupSeconds = 0;
  await pass(hour / 2);
  await expect
    .poll(() => ids())
    .toEqual(["nightly-20310115T120000Z", "nightly-20310115T130000Z", "nightly-20310115T160000Z"]);
});

test("a slot that failed is retried before the next one comes", async () => {
  const { simulator, pass, ids, posts, entries } = await watching(() => ({ tableNames: ["t9"] }));
  await expect.poll(() => posts()).toBe(1);
  await expect.poll(() => entries.at(-1)?.message).toMatch(/^retrying at .*12:01 UTC$/);
  simulator.addTable("t9");
  await pass(60_000);
  await expect.poll(() => ids()).toEqual([due]);
});

test("schedules are read anew before a slot is taken", async () => {
  const { pass, ids, loads } = await watching();
  await expect.poll(() => ids()).toEqual([due]);
  const before = loads();
  await pass(15 * hour);
  await expect.poll(() => ids()).toHaveLength(2);
  expect(loads()).toBeGreaterThan(before);
  expect(loads() - before).toBeLessThan(20);
});

test("a runner that is told to end in mid-backup says what is under way", async () => {
  const { simulator, aborter, ended, entries } = await watching();
  await expect.poll(() => simulator.count("POST")).toBe(1);
  aborter.abort(new Error("ended by SIGTERM"));
  await ended;
  expect(entries.some(({ level }) => level === "error")).toBe(false);
  expect(simulator.backups(place.location).size).toBeLessThanOrEqual(1);
});

test("a runner that starts anew takes no slot again whose backup was removed, and pauses after failures", async () => {
  const first = await watching();
  await expect.poll(() => first.shown).toEqual([["taken"]]);
  first.aborter.abort();
  await first.ended;
  first.simulator.removeBackup(place.location, due);

  const shown: string[][] = [];
  const again = new AbortController();
  const failing = first.schedule({ backupIdPrefix: "failing", tableNames: ["x"] });
  const restart = (signal: AbortSignal) =>
    watch({
      ...{ ...first.options, signal, clock: first.clock },
      load: async () => ({ schedules: [first.schedule(), failing], failures: [] }),
      onReports: async (reports) => void shown.push(reports.map(({ result }) => result)),
    });
  const ended = restart(again.signal);
  await expect.poll(() => shown).toEqual([["expired", "failed"]]);
  again.abort();
  await ended;
  const third = new AbortController();
  const last = restart(third.signal);
  await expect.poll(() => shown.at(-1)).toEqual(["expired", "delayed"]);
  third.abort();
  await last;
  expect(first.posts()).toBe(2);
});

test("a schedule that waits for its first slot is looked at when that comes", async () => {
  const { pass, ids, simulator, clock } = await watching(() => ({ changedAt: start }));
  await pass(14 * hour);
  expect(simulator.requests).toEqual([]);
  expect(clock.now()).toBeGreaterThan(start);
  await pass(2 * hour);
  await expect.poll(() => ids()).toEqual(["nightly-20310116T030000Z"]);
});
