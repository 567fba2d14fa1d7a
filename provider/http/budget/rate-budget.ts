import { type Clock, systemClock } from "../../process/clock";
import { counted } from "../../process/counted";
import { userFolder } from "../../process/private-folder";
import { nextOf, type Priority, type Queued, restUntil } from "./queue";
import { refuse, takeTurn } from "./sliding-window";
import { type Counted, WindowFile, windowName } from "./window-file";

export interface RateBudgetOptions extends Counted {
  /** At least 1; `Number.POSITIVE_INFINITY` lifts the limit. */
  requestsPerMinute: number;
  /** The folder of the shared file. Default: the user's own in the temporary folder. */
  folder?: string;
  /** Default: the machine's. */
  clock?: Clock;
  /** Called once, with the reason, if requests can be counted in this process only. */
  warn?: (text: string) => void;
}

/** How a caller waits for a slot. */
export interface TakeOptions extends Pick<Queued, "likelihood"> {
  /** Fail at once when there is no slot before this time, in milliseconds since the epoch. */
  deadline?: number;
  /** Called with the reason and the length of the wait. */
  onWait?: (text: string) => void;
}

/** There is no slot before the caller's deadline. */
export class BudgetExceeded extends Error {}

interface Waiter extends TakeOptions, Queued {
  toldAt: number;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** A wait of everybody. */
interface Pause {
  /** Milliseconds since the epoch. */
  until: number;
  /** Whether the server refused a request, rather than that the limit is reached. */
  isRefused: boolean;
  /** Whether only polls wait, and not for a slot: whatever comes meanwhile may get one. */
  isRest?: boolean;
  end: AbortController;
}

/** How long a caller waits before it hears about it again. */
const tellAgainMs = 60_000;

/**
 * A rate limit that all processes of a user keep together: the server counts requests per token, and a
 * preview, an update and each explicit provider are processes of their own. It is a sliding window in a
 * locked file, whose name is a hash of system and token.
 */
export class RateBudget {
  readonly #system: string;
  readonly #limit: number;
  readonly #clock: Clock;
  readonly #file: WindowFile;
  readonly #waiters: Waiter[] = [];
  #serving = false;
  /** When to read the file again, and how to end the wait; undefined while reading. */
  #pause?: Pause;
  /** When the last poll got its slot: milliseconds since the epoch. */
  #polledAt = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when the limit is not a number of at least 1. */
  constructor(options: RateBudgetOptions) {
    const { system, requestsPerMinute, folder = userFolder() } = options;
    if (!(requestsPerMinute >= 1)) {
      throw new RangeError(
        `The rate limit must be at least 1 request per minute, not ${requestsPerMinute}.`,
      );
    }
    this.#system = system;
    this.#limit = Math.floor(requestsPerMinute);
    this.#clock = options.clock ?? systemClock;
    this.#file = new WindowFile(folder, windowName(options), (reason) => {
      options.warn?.(`${system}: requests are counted in this process only: ${reason}.`);
    });
  }

  /**
   * Resolves when a request may be sent.
   *
   * @throws BudgetExceeded when that is not before the deadline; the signal's reason when aborted
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
    if (this.#pause?.isRest) this.#pause.end.abort();
    else if (this.#pause) this.#tell(waiter, this.#pause);
    if (!this.#serving) void this.#serve();
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** The server refused a request: no process sends another one for so many milliseconds. */
  async refused(retryAfterMs: number): Promise<void> {
    if (this.#limit === Number.POSITIVE_INFINITY) return;
    const now = this.#clock.now();
    await this.#file.update((window) => ({ window: refuse(window, now, retryAfterMs) }));
  }

  async #serve(): Promise<void> {
    this.#serving = true;
    try {
      while (this.#waiters.length > 0) {
        const rest = restUntil(this.#waiters, this.#polledAt, this.#spacing, this.#clock.now());
        if (rest !== undefined) {
          await this.#waitUntil({ until: rest, isRefused: false, isRest: true });
          continue;
        }
        const { freeAt, isRefused = false } = await this.#file.update((window) => {
          return takeTurn(window, this.#clock.now(), this.#limit);
        });
        if (freeAt === undefined) this.#letGo();
        else await this.#waitUntil({ until: freeAt, isRefused });
      }
    } catch (error) {
      for (const waiter of [...this.#waiters]) this.#dismiss(waiter, error);
    } finally {
      this.#serving = false;
    }
  }

  /** If all callers gave up meanwhile, the slot is lost: that costs one wait at most. */
  #letGo(): void {
    const now = this.#clock.now();
    const next = nextOf(this.#waiters, now + this.#spacing);
    if (next === undefined) return;
    this.#waiters.splice(this.#waiters.indexOf(next), 1);
    if (next.likelihood) this.#polledAt = now;
    next.resolve();
  }

  /** The time between two polls that are spread over a minute, in milliseconds. */
  get #spacing(): number {
    return 60_000 / this.#limit;
  }

  async #waitUntil({ until, ...reasons }: Omit<Pause, "end">): Promise<void> {
    const end = new AbortController();
    const pause = { until, ...reasons, end };
    this.#pause = pause;
    for (const waiter of [...this.#waiters]) this.#tell(waiter, pause);
    if (this.#waiters.length > 0) {
      // It ends early when the last caller gives up, which the loop then sees.
      await this.#clock.sleep(until - this.#clock.now(), end.signal).catch(() => {});
    }
    this.#pause = undefined;
  }

  /** Says why a caller waits. A rest is no limit, and the status line of what is polled says that it goes on. */
  #tell(waiter: Waiter, { until, isRefused, isRest }: Pause): void {
    if (isRest) return;
    const now = this.#clock.now();
    const seconds = Math.ceil((until - now) / 1_000);
    const limit = `${counted(this.#limit, "request")} per minute`;
    if (waiter.deadline !== undefined && waiter.deadline < until) {
      const cause = isRefused ? this.#refusal(until) : `rate limit of ${limit}`;
      const reason = `${cause}: no slot before the deadline (next in ${seconds} s)`;
      this.#dismiss(waiter, new BudgetExceeded(reason));
    } else if (now - waiter.toldAt >= tellAgainMs) {
      waiter.toldAt = now;
      const others = this.#waiters.length - 1;
      const queue = others > 0 ? ` (${counted(others, "other request")} queued)` : "";
      const cause = isRefused ? this.#refusal(until) : `${this.#system} allows ${limit}`;
      waiter.onWait?.(`${cause}; waiting ${seconds} s${queue}.`);
    }
  }

  /** Who asked for a pause, until when, and how to end it. */
  #refusal(until: number): string {
    const time = new Date(until).toISOString().replace(/\.\d+Z$/, "Z");
    return `${this.#system} refused an earlier request with this token, and asked for a pause until ${time} (delete ${this.#file.path} to try earlier)`;
  }

  #dismiss(waiter: Waiter, reason: unknown): void {
    const index = this.#waiters.indexOf(waiter);
    if (index >= 0) this.#waiters.splice(index, 1);
    if (this.#waiters.length === 0) this.#pause?.end.abort();
    waiter.reject(reason);
  }
}
