import { FormationsError } from "../errors";
import type { Clock } from "../process/clock";
import { Cancelled, ResourceFailed, WaitTimedOut } from "./errors";

/** What one poll says about the awaited thing; of a failure, what it is and what to do, without the full stop. */
export type Verdict = "done" | "waiting" | { failed: string };

/** How often to poll. */
export interface Pace {
  /** The shortest time between two polls, in milliseconds. Default: 250. */
  floor?: number;
  /** The longest, in milliseconds. Default: 15,000. */
  cap?: number;
  /** Between them, a pause is this part of the time waited so far: 8 for an eighth. Default: 4. */
  part?: number;
}

/** One wait. */
export interface Wait<T> {
  /** What to wait for, for messages: `formation "db" (0123) to become ready`. */
  what: string;
  /** Asks the server once. */
  poll(): Promise<T>;
  /** Judges what was seen. Unknown states mean `waiting`: only known failures end a wait. */
  verdict(seen: T): Verdict;
  /** The state in a word or two, for the status line. */
  describe(seen: T): string;
  /** When to give up: milliseconds since the epoch. */
  deadline: number;
  signal: AbortSignal;
  clock: Clock;
  /** Called after each poll that did not end the wait. */
  progress?(text: string): void;
  pace?: Pace;
  /** What to do after a timeout, as the end of a sentence. Default: `pulumi up` resumes waiting. */
  afterwards?: string;
}

/**
 * Polls until the verdict is `done`, and returns what was seen last. The pace is adaptive: intervals are
 * short at first and a quarter of the elapsed time later, so that short operations end quickly and long
 * ones cost few requests.
 *
 * @throws ResourceFailed as soon as the verdict is a failure
 * @throws WaitTimedOut at the deadline, or before it if no further poll would be in time
 * @throws Cancelled when the signal is aborted
 */
export async function waitUntil<T>(wait: Wait<T>): Promise<T> {
  const { clock, deadline, signal } = wait;
  const start = clock.now();
  let last = "nothing yet";
  for (;;) {
    if (signal.aborted) throw cancelled(wait);
    const seen = await wait.poll().catch((error) => {
      if (signal.aborted) throw cancelled(wait, error);
      const isLate = error instanceof FormationsError && error.outOfTime;
      throw isLate ? timedOut(wait, clock.now() - start, last, error) : error;
    });
    const verdict = wait.verdict(seen);
    if (verdict === "done") return seen;
    if (typeof verdict === "object")
      throw new ResourceFailed(`Waiting for ${wait.what}: ${verdict.failed}.`);

    const elapsed = clock.now() - start;
    last = wait.describe(seen);
    wait.progress?.(`${last}, ${duration(elapsed)}`);
    const pause = nextLook(elapsed, wait.pace);
    if (clock.now() + pause > deadline) throw timedOut(wait, elapsed, last);
    await clock.sleep(pause, signal).catch((error) => {
      throw signal.aborted ? cancelled(wait, error) : error;
    });
  }
}

/** Milliseconds until the next poll, after `elapsed` milliseconds. */
export function nextLook(elapsed: number, pace: Pace = {}): number {
  const { floor = 250, cap = 15_000, part = 4 } = pace;
  return Math.min(Math.max(elapsed / part, floor), Math.max(cap, floor));
}

/** A time span for people: `45 s`, `3 min 10 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

function timedOut(
  wait: Pick<Wait<unknown>, "what" | "afterwards">,
  elapsed: number,
  last: string,
  cause?: FormationsError,
): WaitTimedOut {
  const why = cause ? ` ${cause.message}` : "";
  return new WaitTimedOut(
    `Waited ${duration(elapsed)} for ${wait.what}; last seen: ${last}.${why} ` +
      `It may still finish; ${wait.afterwards ?? "the next `pulumi up` resumes waiting"}.`,
    { cause },
  );
}

function cancelled(wait: Pick<Wait<unknown>, "what">, cause?: unknown): Cancelled {
  return new Cancelled(
    `Cancelled while waiting for ${wait.what}. What was created stays in the state. Run the command again to resume.`,
    { cause },
  );
}
