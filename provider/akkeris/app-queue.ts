import type { Clock } from "../process/clock";

/**
 * How long the last update of a batch waits for another, in milliseconds. On an idle machine those of
 * one app come within 50; where program, engine and provider share a busy one, up to 150 lie between.
 */
const windowMs = 200;

/** How long the first update of a batch waits at most, in milliseconds. */
const longestMs = 2_000;

/** One update that waits in a batch. */
export interface Ticket<Update, Result> {
  update: Update;
  resolve(result: Result): void;
  reject(reason: unknown): void;
}

/** A batch that is being collected; times are milliseconds since the epoch. */
interface Batch<Update, Result> {
  tickets: Ticket<Update, Result>[];
  /** When it is sent, unless another update joins. */
  until: number;
  /** When it is sent at the latest. */
  latest: number;
}

/**
 * The mutations of one app, one after another: the server has no unique constraint, and concurrent
 * creations left duplicate rows. Updates that wait at the same time go together, since each batch may
 * redeploy the whole app.
 */
export class AppQueue<Update, Result> {
  private readonly clock: Clock;
  private readonly send: (tickets: readonly Ticket<Update, Result>[]) => Promise<void>;
  private tail: Promise<unknown> = Promise.resolve();
  private open: Batch<Update, Result> | undefined;

  /** @param send sends one batch and settles its tickets; those left when it throws fail with its error */
  constructor(clock: Clock, send: (tickets: readonly Ticket<Update, Result>[]) => Promise<void>) {
    this.clock = clock;
    this.send = send;
  }

  /** Runs a mutation when all before it have ended, however they did. */
  run<T>(mutation: () => Promise<T>): Promise<T> {
    const result = this.tail.then(mutation);
    this.tail = result.catch(() => {});
    return result;
  }

  /** Puts an update into the batch that is being collected. */
  update(update: Update): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.open ??= this.collect();
    this.open.tickets.push({ update, resolve, reject });
    this.open.until = Math.min(this.clock.now() + windowMs, this.open.latest);
    return promise;
  }

  /** Opens a batch. It stays open while others come, and as long as the mutations before it take. */
  private collect(): Batch<Update, Result> {
    const tickets: Ticket<Update, Result>[] = [];
    const latest = this.clock.now() + longestMs;
    const batch = { tickets, latest, until: latest };
    void this.run(async () => {
      do await this.clock.sleep(Math.max(batch.until - this.clock.now(), 0));
      while (this.clock.now() < batch.until);
      this.open = undefined;
      await this.send(tickets);
    }).catch((error) => {
      for (const { reject } of tickets) reject(error);
    });
    return batch;
  }
}
