import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../provider/process/clock.ts";
import type { TimeSource } from "./clock.ts";

interface Sleeper {
  wakesAt: number;
  wake(): void;
}

/** How often nothing may be seen to happen before it counts as nothing. */
const quietRounds = 5;

/**
 * A clock of several who sleep at once: time stands still while anything happens (a request, a file, a
 * lock), and then passes to where the first of them wakes. So what is measured on it depends neither on
 * the machine's speed nor on who else uses it.
 */
export class EventClock implements Clock {
  readonly #source: TimeSource;
  readonly #sleepers = new Set<Sleeper>();

  /** @param source a clock that stands still, such as that of a simulator of speed 0 */
  constructor(source: TimeSource) {
    this.#source = source;
    // Times in states have whole seconds.
    source.advance(1_000 - (source.now() % 1_000));
  }

  now(): number {
    return this.#source.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const end = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", abort);
      };
      const abort = () => {
        end();
        reject(signal?.reason);
      };
      const wake = () => {
        end();
        resolve();
      };
      const sleeper: Sleeper = { wakesAt: this.now() + Math.max(ms, 0), wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Lets time pass until the work is done; resolves to what it resolves to. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => {});
    const activity = watchActivity();
    try {
      for (;;) {
        for (let quiet = 0; quiet < quietRounds && !isDone; quiet += 1) {
          await setImmediate();
          if (activity.isAny()) quiet = -1;
        }
        if (isDone) return await done;
        this.#wakeFirst();
      }
    } finally {
      activity.end();
    }
  }

  #wakeFirst(): void {
    const [first] = [...this.#sleepers].sort((a, b) => a.wakesAt - b.wakesAt);
    if (!first) return;
    this.#source.advance(Math.max(first.wakesAt - this.now(), 0));
    first.wake();
  }
}

/** Requests under way, files being read or written, and pauses between tries to get a lock. */
function watchActivity() {
  const requests = new Set<unknown>();
  const requestOf = (message: unknown) =>
    typeof message === "object" && message && "request" in message ? message.request : message;
  const begun = (message: unknown) => void requests.add(requestOf(message));
  const ended = (message: unknown) => void requests.delete(requestOf(message));
  subscribe("undici:request:create", begun);
  subscribe("undici:request:trailers", ended);
  subscribe("undici:request:error", ended);
  const timers = busyness().timers;
  return {
    isAny() {
      if (requests.size > 0) return true;
      const now = busyness();
      return now.files > 0 || now.timers > timers;
    },
    end() {
      unsubscribe("undici:request:create", begun);
      unsubscribe("undici:request:trailers", ended);
      unsubscribe("undici:request:error", ended);
    },
  };
}

const ofFiles = new Set(["FSReqPromise", "FSReqCallback", "CloseReq"]);

/** What of files and timers is under way in this process. */
function busyness(): { files: number; timers: number } {
  let files = 0;
  let timers = 0;
  for (const kind of process.getActiveResourcesInfo()) {
    if (ofFiles.has(kind)) files += 1;
    else if (kind === "Timeout") timers += 1;
  }
  return { files, timers };
}
