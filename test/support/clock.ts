import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../provider/process/clock.ts";

/** Time that somebody else keeps, such as a simulator of speed 0. */
export interface TimeSource {
  now(): number;
  advance(ms: number): void;
}

/**
 * A clock on which sleeping takes no time, but lets everything else that is ready go first. Sleeps
 * are remembered. With a simulator's clock it is the same time for both, and sleeping advances it.
 */
export class InstantClock implements Clock {
  readonly sleeps: number[] = [];
  /** Called in each sleep, when its time is over: the place to let something happen meanwhile. */
  onSleep: ((ms: number) => void) | undefined;
  readonly #source: TimeSource;

  /** @param source default: stands still at the present second, except for sleeps */
  constructor(source: TimeSource = standing(Math.floor(Date.now() / 1000) * 1000)) {
    this.#source = source;
  }

  now(): number {
    return this.#source.now();
  }

  /** Lets time pass in which nobody slept. */
  advance(ms: number): void {
    this.#source.advance(ms);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleeps.push(ms);
    this.#source.advance(ms);
    this.onSleep?.(ms);
    await setImmediate();
    signal?.throwIfAborted();
  }
}

function standing(start: number): TimeSource {
  let time = start;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
  };
}
