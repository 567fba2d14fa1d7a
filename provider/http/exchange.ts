import type { Dispatcher } from "undici";
import type { HttpRequest } from "./request";

/** The longest body of a failure. */
const maxFailureBytes = 64 * 1024;

/** A server that sends nothing for so long in the middle of a body will not send the rest. */
const bodyIdleMs = 30_000;

/** A response as it came. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The body as far as it arrived. */
  text: string;
  /** Why the body is not complete: it was too large, or the error that ended it. */
  broken?: "too-large" | { error: unknown };
}

/** One header of a response; the first where there are several. */
export function header(
  { headers }: Pick<HttpResponse, "headers">,
  name: string,
): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}

/** How one try ended: with a response, at least its head, or with an error. */
export type Outcome = Ending & {
  /** The time that the try had, in milliseconds, where it ran out. */
  timedOutAfterMs?: number;
};

const noBytes = Buffer.alloc(0);

/** One decoder for all: making one takes as long as decoding a response. */
const decoder = new TextDecoder();

/**
 * Sends one request once and reads the response, within the limits. Never throws, follows no redirect,
 * decompresses nothing.
 *
 * @param timeoutMs how long it may take
 */
export async function exchange(
  dispatcher: Dispatcher,
  { origin, path, query, method, headers, body, maxBodyBytes }: HttpRequest,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Outcome> {
  const reader = new ResponseReader(maxBodyBytes);
  let timedOutAfterMs: number | undefined;
  const abort = () => reader.abort(signal?.reason);
  const timer = setTimeout(() => {
    timedOutAfterMs = timeoutMs;
    reader.abort(new DOMException("The time for this try is over", "TimeoutError"));
  }, timeoutMs);
  signal?.addEventListener("abort", abort, { once: true });
  const options: Dispatcher.DispatchOptions = {
    origin,
    path: `${path}${query}`,
    method,
    headers,
    body,
    // The timer ends the try; undici's own limit would end an hour's call after five minutes.
    headersTimeout: 0,
    bodyTimeout: bodyIdleMs,
  };
  try {
    if (signal?.aborted) abort();
    else dispatcher.dispatch(options, reader);
    return { ...(await reader.ended), timedOutAfterMs };
  } catch (error) {
    return { error, isStarted: false, timedOutAfterMs };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** How a try ended, leaving aside whether its time ran out. */
type Ending =
  | { response: HttpResponse }
  | {
      response?: undefined;
      error: unknown;
      /** Whether undici may have sent a byte of the request. */
      isStarted: boolean;
    };

/**
 * Reads one response as undici hands it over. Its `request` would do the same, but through a stream,
 * which takes about half as long again; and it does not say whether a connection was there before the
 * failure. `onRequestStart` does, before the first byte leaves this machine: on that rests
 * `mayHaveTakenEffect`, and so whether the provider looks before it repeats a creation.
 */
class ResponseReader implements Dispatcher.DispatchHandler {
  readonly #end = Promise.withResolvers<Ending>();
  readonly #maxBytes: number;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted: Error | undefined;
  #settled = false;
  #head: Pick<HttpResponse, "status" | "headers"> | undefined;
  /** What has arrived of the body, and room for more. */
  #body = noBytes;
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
    headers: HttpResponse["headers"],
  ): void {
    // What comes before the response, such as 103, is not the response.
    if (status >= 200) this.#head = { status, headers };
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    const isSuccess = this.#head !== undefined && this.#head.status < 300;
    if (this.#size + chunk.length > (isSuccess ? this.#maxBytes : maxFailureBytes)) {
      this.#settle("too-large");
      controller.abort(new Error("The response is too large"));
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
  #settle(broken: HttpResponse["broken"]): void {
    if (this.#settled) return;
    this.#settled = true;
    if (this.#head) {
      const text = decoder.decode(this.#body.subarray(0, this.#size));
      this.#end.resolve({ response: { ...this.#head, text, ...(broken && { broken }) } });
    } else {
      const error = typeof broken === "object" ? broken.error : new Error("There was no response");
      this.#end.resolve({ error, isStarted: this.#controller !== undefined });
    }
  }
}
