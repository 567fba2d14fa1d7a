import { setImmediate } from "node:timers/promises";
import { AppQueue, Company } from "../../../provider/akkeris/app-queue.ts";
import type { Rule } from "../../../provider/akkeris/waiting.ts";
import type { Clock } from "../../../provider/process/clock.ts";
import { Pace } from "../../../provider/resource/session.ts";

/** What the engine was seen to do with a program whose formations all change their size. */
export interface Recording {
  /** Where: the host, the program, and what else the machine did. */
  host: string;
  program: string;
  load: string;
  /** How long the engine took to write its state, which it does before and after each update: milliseconds. */
  write: number;
  /**
   * Each resource in the order of its check: its app and type, and how many milliseconds its check came after
   * the diff before it, and its diff after its check.
   */
  resources: [place: string, check: number, diff: number][];
}

/** What a rule made of a recording. */
export interface Outcome {
  /** PATCHes of each app. */
  patches: number[];
  /** How long each update waited, in milliseconds. */
  waits: number[];
  /** How long the run took, in milliseconds. */
  total: number;
}

/** How many updates the recorded engine runs at once: four per core. */
const slots = 8;

/** How long Akkeris takes for a PATCH and the read after it, in milliseconds. */
const flight = 100;

/** Time that passes to where the next sleeper wakes, when all that was ready has run. */
class ReplayClock implements Clock {
  #now = 0;
  readonly #sleepers: { at: number; wake: () => void }[] = [];

  now(): number {
    return Math.floor(this.#now);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      const at = this.#now + ms;
      const behind = this.#sleepers.findLastIndex((other) => other.at <= at);
      this.#sleepers.splice(behind + 1, 0, { at, wake });
    });
  }

  async run(work: Promise<unknown>): Promise<number> {
    let isDone = false;
    let end = 0;
    const done = work.then(() => {
      isDone = true;
      end = this.#now;
    });
    for (;;) {
      // A group that wakes looks once more after what is ready has run.
      for (let round = 0; round < 3; round += 1) await setImmediate();
      const next = isDone ? undefined : this.#sleepers.shift();
      if (!next) break;
      this.#now = next.at;
      next.wake();
    }
    await done;
    return end;
  }
}

/** Replays a recording before queues that follow a rule: plans come when they came, updates when a slot is free. */
export async function replay({ resources, write }: Recording, rule: Rule): Promise<Outcome> {
  const clock = new ReplayClock();
  const pace = new Pace(clock);
  const company = new Company(clock, pace, { slots, rule });
  const apps = new Map<string, { queue: AppQueue; known: Set<string>; patches: number }>();
  const waits: number[] = [];
  const arrivals = new Map<string, number>();

  function appOf(name: string) {
    const known = new Set<string>();
    const queue = new AppQueue({ clock, company, known }, async (tickets) => {
      app.patches += 1;
      for (const { update } of tickets) {
        waits.push(clock.now() - (arrivals.get(`${name}/${update.change.type}`) ?? 0));
      }
      await clock.sleep(flight);
      for (const { resolve } of tickets) resolve(undefined);
    });
    const app = apps.get(name) ?? { queue, known, patches: 0 };
    apps.set(name, app);
    return app;
  }

  let written: Promise<void> = Promise.resolve();
  /** The engine writes one state after another. */
  function checkpoint(): Promise<void> {
    written = written.then(() => clock.sleep(write));
    return written;
  }

  const free: (() => void)[] = [];
  let taken = 0;
  async function update(place: string): Promise<void> {
    await checkpoint();
    const [name = "", type = ""] = place.split("/");
    arrivals.set(place, clock.now());
    const change = { type };
    const asked = { change, again: change, redeploys: true, options: {} };
    await company.with(() => appOf(name).queue.update(asked));
    await checkpoint();
    taken -= 1;
    free.shift()?.();
  }

  async function engine(): Promise<void> {
    const updates: Promise<void>[] = [];
    // Later ones contain that the engine waited for a slot, which it does here of its own accord.
    const longest = Math.max(...resources.slice(0, slots).map(([, check]) => check));
    for (const [place, check, diff] of resources) {
      await clock.sleep(Math.min(check, longest));
      pace.planned(place);
      await clock.sleep(diff);
      pace.planned(place);
      const [name = "", type = ""] = place.split("/");
      const { queue, known } = appOf(name);
      known.add(type);
      queue.announce(type, true);
      if (taken === slots) await new Promise<void>((resolve) => free.push(resolve));
      taken += 1;
      updates.push(update(place));
    }
    await Promise.all(updates);
  }

  const total = await clock.run(engine());
  return { patches: [...apps.values()].map(({ patches }) => patches), waits, total };
}
