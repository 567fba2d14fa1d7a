import { setTimeout as delay } from "node:timers/promises";

/** The time as the provider sees it; tests use a clock of their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    // What was due is due now; Node.js would warn of a negative time.
    await delay(Math.max(ms, 0), undefined, { signal }).catch((error) => {
      throw signal?.aborted ? signal.reason : error;
    });
  },
};

/** How far a server's clock may differ from this machine's, in milliseconds. */
export const clockSkew = 5 * 60_000;
