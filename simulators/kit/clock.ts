/** A wait on the simulated clock that has not ended yet. */
interface Sleeper {
  /** Simulated milliseconds since the epoch at which the sleeper wakes. */
  wakesAt: number;
  wake: () => void;
}

/**
 * Time as a simulator sees it. Every duration of a simulator (provisioning, rate windows, stored
 * answers) is measured on it, so that a test neither waits nor depends on the machine's pace.
 */
export class SimulatedClock {
  /** Simulated seconds that pass in one real second. */
  readonly speed: number;
  private readonly realStart = Date.now();
  private skipped = 0;
  private readonly sleepers = new Set<Sleeper>();

  /** @param speed simulated seconds in a real one; 1000 lets 300 s pass in 0.3 s. */
  constructor(speed = 1) {
    if (!(speed >= 0)) throw new RangeError(`speed must be 0 or more, got ${speed}`);
    this.speed = speed;
  }

  /** Simulated milliseconds since the epoch. */
  now(): number {
    return this.realStart + (Date.now() - this.realStart) * this.speed + this.skipped;
  }

  /** The simulated time in RFC 3339, UTC, to the millisecond. */
  timestamp(at: number = this.now()): string {
    return new Date(at).toISOString();
  }

  /**
   * Whole seconds that a client has to wait by its own clock for so many simulated ones, as
   * Retry-After tells it. A clock that stands or is slow is taken for one of speed 1.
   */
  realSeconds(seconds: number): number {
    return Math.ceil(seconds / Math.max(1, this.speed));
  }

  /** Jumps ahead by so many simulated milliseconds; waits that end in between end at once. */
  advance(milliseconds: number): void {
    this.skipped += milliseconds;
    const now = this.now();
    for (const sleeper of [...this.sleepers]) if (sleeper.wakesAt <= now) sleeper.wake();
  }

  /**
   * Waits for so many simulated milliseconds. A wait does not keep a process alive.
   * With speed 0 only `advance` ends it.
   */
  sleep(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const sleeper: Sleeper = {
        wakesAt: this.now() + milliseconds,
        wake: () => {
          clearTimeout(timer);
          this.sleepers.delete(sleeper);
          resolve();
        },
      };
      this.sleepers.add(sleeper);
      if (this.speed > 0) {
        timer = setTimeout(sleeper.wake, Math.min(milliseconds / this.speed, 2 ** 31 - 1));
        timer.unref();
      }
    });
  }
}
