/** One of several similar waits. Times are milliseconds since the epoch. */
export interface SimilarWait {
  /** How likely a poll at this time ends the wait, from 0 to 1. */
  likelihood(now: number): number;
  /** Notes a poll at this time, and whether it ended the wait as it should. */
  polled(now: number, isDone: boolean): void;
  /** The wait is over, whatever the reason. */
  end(): void;
}

/** Ages below this one say nothing about how long something takes, in milliseconds. */
const shortestAge = 12_000;

/** How many waits that are over it remembers. */
const longestMemory = 200;

/**
 * The waits of one process that are likely to take about as long as each other, such as those for new
 * formations. What each poll shows says something about the others: if one formation was ready after
 * eight minutes, another one of that age probably is, too; if three older ones are not, it hardly is.
 */
export class SimilarWaits {
  /** How long those took that ended as they should, in milliseconds. */
  readonly #durations: number[] = [];
  /** For each that goes on, the age at which it was last known not to be over. */
  readonly #lastSeen = new Map<SimilarWait, number>();

  /** @param since when what it waits for began: milliseconds since the epoch */
  begin(since: number): SimilarWait {
    const ageAt = (now: number) => Math.max(now - since, shortestAge);
    const wait: SimilarWait = {
      likelihood: (now) => this.#likelihood(wait, ageAt(now)),
      polled: (now, isDone) => {
        if (isDone) this.#remember(ageAt(now));
        else this.#lastSeen.set(wait, ageAt(now));
      },
      end: () => this.#lastSeen.delete(wait),
    };
    this.#lastSeen.set(wait, shortestAge);
    return wait;
  }

  #remember(duration: number): void {
    this.#durations.push(duration);
    if (this.#durations.length > longestMemory) this.#durations.shift();
  }

  /**
   * The share of those that are known to have gone on as long as this one, and were over by its age.
   * One more counts with them, so that something is said where nothing is known: of what lasted for
   * some time, half is over after as much time again.
   */
  #likelihood(wait: SimilarWait, age: number): number {
    const seen = this.#lastSeen.get(wait) ?? shortestAge;
    if (age <= seen) return 0;
    let over = 1 - seen / age;
    let all = 1;
    for (const duration of this.#durations) {
      if (duration <= seen) continue;
      all += 1;
      if (duration <= age) over += 1;
    }
    for (const other of this.#lastSeen.values()) {
      // It may have ended since; the longer it was seen to go on, the more it says.
      if (other > seen) all += Math.min((other - seen) / (age - seen), 1);
    }
    return over / all;
  }
}
