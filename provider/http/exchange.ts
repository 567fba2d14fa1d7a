import type { Dispatcher } from "undici";
import type { Method } from "./endpoint";

/** One request as it goes over the wire. */
export interface WireRequest {
  origin: string;
  /** With the query. */
  path: string;
  method: Method;
  headers: Record<string, string>;
  body?: string;
}

/** What one try may take. */
export interface Limits {
  timeoutMs: number;
  /** Of the body of a success. */
  maxBytes: number;
}

/** Bodies of failures beyond this are of no use. */
const maxFailureBytes = 64 * 1024;

/** A server that sends nothing for so long in the middle of a body will not go on. */
const bodyIdleMs = 30_000;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The body as far as it came. */
  text: string;
  /** Why the body is not whole: it was too large, or the error that ended it. */
  broken?: "too-large" | { error: unknown };
}

/** How one try ended: with an answer, at least its head, or with an error. */
export type Outcome =
  | { answer: Answer; timedOut: boolean }
  | { answer?: undefined; error: unknown; started: boolean; timedOut: boolean };

/** One decoder for all: making one takes as long as decoding an answer. */
const decoder = new TextDecoder();

/**
 * Sends one request once and reads the answer, within the limits. Never throws, follows no redirect,
 * decompresses nothing.
 */
export async function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  limits: Limits,
  signal?: AbortSignal,
): Promise<Outcome> {
  const reader = new AnswerReader(limits.maxBytes);
  let timedOut = false;
  const abort = () => reader.abort(signal?.reason);
  const timer = setTimeout(() => {
    timedOut = true;
    reader.abort(new DOMException("The time for this try is over", "TimeoutError"));
  }, limits.timeoutMs);
  signal?.addEventListener("abort", abort, { once: true });
  // The timer ends the try; undici's own limit would end an hour's call after five minutes.
  const timeouts = { headersTimeout: 0, bodyTimeout: bodyIdleMs };
  try {
    if (signal?.aborted) abort();
    else dispatcher.dispatch({ ...request, ...timeouts }, reader);
    return { ...(await reader.ended), timedOut };
  } catch (error) {
    return { error, started: false, timedOut };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** How a try ended, leaving aside whether its time was over. */
type Ending = { answer: Answer } | { answer?: undefined; error: unknown; started: boolean };

/**
 * Reads one response as undici hands it over, for two reasons. undici's own `request` goes through a
 * stream, which takes about half as long again. And only a handler sees {@link onRequestStart}, before
 * any byte leaves: whether a failed write may have taken effect rests on knowing that.
 */
class AnswerReader implements Dispatcher.DispatchHandler {
  readonly #end = Promise.withResolvers<Ending>();
  readonly #maxBytes: number;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted: Error | undefined;
  #settled = false;
  #head: Pick<Answer, "status" | "headers"> | undefined;
  /** What came of the body, and room for more. */
  #body = Buffer.alloc(0);
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get ended(): Promise<Ending> {
    return this.#end.promise;
  }

  /** Ends the try at once, connected or not. */
  abort(reason: unknown): void {
    this.#aborted = reason instanceof Error ? reason : new Error(String(reason));
    this.#settle({ error: reason });
    this.#controller?.abort(this.#aborted);
  }

  /** Called before any byte of the request leaves. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(this.#aborted);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Answer["headers"],
  ): void {
    // What comes before the answer, such as 103, is none.
    if (status >= 200) this.#head = { status, headers };
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    const isSuccess = this.#head !== undefined && this.#head.status < 300;
    if (this.#size + chunk.length > (isSuccess ? this.#maxBytes : maxFailureBytes)) {
      this.#settle("too-large");
      controller.abort(new Error("The answer is too large"));
      return;
    }
    this.#keep(chunk);
  }

  /** Copies, since a server may send single bytes, and a list of them takes a hundred times their size. */
  #keep(chunk: Uint8Array): void {
    const size = this.#size + chunk.length;
    if (size > this.#body.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, this.#body.length * 2));
      this.#body.copy(larger, 0, 0, this.#size);
      this.#body = larger;
    }
    this.#body.set(chunk, this.#size);
    this.#size = size;
  }

  onResponseEnd(): void {
    this.#settle(undefined);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle({ error });
  }

  /** Only the first call counts. */
  #settle(broken: Answer["broken"]): void {
    if (this.#settled) return;
    this.#settled = true;
    if (this.#head) {
      const text = decoder.decode(this.#body.subarray(0, this.#size));
      this.#end.resolve({ answer: { ...this.#head, text, ...(broken && { broken }) } });
    } else {
      const error = typeof broken === "object" ? broken.error : new Error("There was no answer");
      this.#end.resolve({ error, started: this.#controller !== undefined });
    }
  }
}
