import type { Clock } from "../clock";

/** How long the first update of a batch waits for others, in milliseconds. */
const windowMs = 50;

/** One update that waits in a batch. */
export interface Ticket<Update, Result> {
  update: Update;
  resolve(result: Result): void;
  reject(reason: unknown): void;
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
  private open: Ticket<Update, Result>[] | undefined;

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
    this.open.push({ update, resolve, reject });
    return promise;
  }

  /** Opens a batch. It stays open for the window, and as long as the mutations before it take. */
  private collect(): Ticket<Update, Result>[] {
    const batch: Ticket<Update, Result>[] = [];
    const until = this.clock.now() + windowMs;
    void this.run(async () => {
      await this.clock.sleep(Math.max(until - this.clock.now(), 0));
      this.open = undefined;
      await this.send(batch);
    }).catch((error) => {
      for (const { reject } of batch) reject(error);
    });
    return batch;
  }
}
