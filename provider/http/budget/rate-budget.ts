import { createHash } from "node:crypto";
import { type Clock, systemClock } from "../../process/clock";
import { userFolder } from "../../process/private-folder";
import { refuse, takeSlot } from "./sliding-window";
import { WindowFile } from "./window-file";

/** Creations and deletions go before polls. */
export type Priority = "write" | "read";

export interface RateBudgetOptions {
  /** The system's name, as a user knows it: `Citus Cloud`. */
  system: string;
  /** Whom the server counts; only a hash of it is written. */
  token: string;
  /** At least 1; Infinity lifts the limit. */
  requestsPerMinute: number;
  /** Where the shared file lies. Default: a folder of the user's in the temporary folder. */
  folder?: string;
  /** Default: the machine's. */
  clock?: Clock;
  /** Told once if requests can be counted within this process only, and why. */
  warn?: (text: string) => void;
}

/** How a caller wants to wait for its turn. */
export interface TakeOptions {
  /** Give up at once when there is no turn before, in milliseconds since the epoch. */
  deadline?: number;
  /** Told why and how long. */
  onWait?: (text: string) => void;
}

/** There is no turn before the caller's deadline. */
export class BudgetExceeded extends Error {}

interface Waiter extends TakeOptions {
  priority: Priority;
  toldAt: number;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** A waiter hears again after so long. */
const tellAgainMs = 60_000;

/**
 * A number of requests a minute that all processes of a user keep together: the server counts by
 * token, and a preview, an update and each explicit provider are processes of their own. A sliding
 * window, kept in a locked file that is named by a hash of system and token.
 */
export class RateBudget {
  readonly #system: string;
  readonly #limit: number;
  readonly #clock: Clock;
  readonly #file: WindowFile;
  readonly #waiters: Waiter[] = [];
  #serving = false;
  /** When to ask the file again, and how to stop waiting for it; undefined while asking. */
  #pause?: { until: number; end: AbortController };

  /** @throws RangeError when the limit is not a number of at least 1. */
  constructor(options: RateBudgetOptions) {
    const { system, token, requestsPerMinute, folder = userFolder() } = options;
    if (!(requestsPerMinute >= 1)) {
      throw new RangeError(`${requestsPerMinute} requests a minute: it must be at least 1.`);
    }
    this.#system = system;
    this.#limit = Math.floor(requestsPerMinute);
    this.#clock = options.clock ?? systemClock;
    const name = createHash("sha256").update(`${system}\n${token}`).digest("hex");
    this.#file = new WindowFile(folder, `${name}.json`, (reason) => {
      options.warn?.(`${system}: requests are counted within this process only: ${reason}.`);
    });
  }

  /**
   * Resolves when a request may be sent.
   *
   * @throws BudgetExceeded when that is not before the deadline; the signal's reason when aborted.
   */
  async take(
    signal?: AbortSignal,
    priority: Priority = "read",
    options: TakeOptions = {},
  ): Promise<void> {
    signal?.throwIfAborted();
    if (this.#limit === Number.POSITIVE_INFINITY) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { ...options, priority, toldAt: Number.NEGATIVE_INFINITY, resolve, reject };
    const abort = () => this.#dismiss(waiter, signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.#waiters.push(waiter);
    if (this.#pause) this.#tell(waiter, this.#pause.until);
    if (!this.#serving) void this.#serve();
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** The server refused a request: no process sends another for so many milliseconds. */
  async refused(retryAfterMs: number): Promise<void> {
    if (this.#limit === Number.POSITIVE_INFINITY) return;
    const now = this.#clock.now();
    await this.#file.update((window) => ({ window: refuse(window, now, retryAfterMs) }));
  }

  async #serve(): Promise<void> {
    this.#serving = true;
    try {
      while (this.#waiters.length > 0) {
        const { freeAt } = await this.#file.update((window) => {
          return takeSlot(window, this.#clock.now(), this.#limit);
        });
        if (freeAt === undefined) this.#letGo();
        else await this.#waitUntil(freeAt);
      }
    } catch (error) {
      for (const waiter of [...this.#waiters]) this.#dismiss(waiter, error);
    } finally {
      this.#serving = false;
    }
  }

  /** If all waiters left while the file was asked, the slot is lost: that costs a wait at most. */
  #letGo(): void {
    const write = this.#waiters.findIndex(({ priority }) => priority === "write");
    const [next] = this.#waiters.splice(Math.max(write, 0), 1);
    next?.resolve();
  }

  async #waitUntil(until: number): Promise<void> {
    const end = new AbortController();
    this.#pause = { until, end };
    for (const waiter of [...this.#waiters]) this.#tell(waiter, until);
    if (this.#waiters.length > 0) {
      // It ends early when nobody waits any more, which the loop then sees.
      await this.#clock.sleep(until - this.#clock.now(), end.signal).catch(() => {});
    }
    this.#pause = undefined;
  }

  #tell(waiter: Waiter, until: number): void {
    const now = this.#clock.now();
    const seconds = Math.ceil((until - now) / 1_000);
    const allowance = `${counted(this.#limit, "request")} a minute`;
    if (waiter.deadline !== undefined && waiter.deadline < until) {
      const reason = `the budget of ${allowance} has no room for another ${seconds} s`;
      this.#dismiss(waiter, new BudgetExceeded(reason));
    } else if (now - waiter.toldAt >= tellAgainMs) {
      waiter.toldAt = now;
      const ahead = this.#waiters.length - 1;
      const others = ahead > 0 ? ` with ${counted(ahead, "other")}` : "";
      waiter.onWait?.(`${this.#system} takes ${allowance}: waiting ${seconds} s${others}.`);
    }
  }

  #dismiss(waiter: Waiter, reason: unknown): void {
    const index = this.#waiters.indexOf(waiter);
    if (index >= 0) this.#waiters.splice(index, 1);
    if (this.#waiters.length === 0) this.#pause?.end.abort();
    waiter.reject(reason);
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
