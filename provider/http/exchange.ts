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
const MAX_FAILURE_BYTES = 64 * 1024;

/** A server that sends nothing for so long in the middle of a body will not go on. */
const BODY_IDLE_MS = 30_000;

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
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const ended = AbortSignal.any(signal ? [timeout, signal] : [timeout]);
  const begun = noteStart(dispatcher);
  try {
    const response = begun.dispatcher.request({
      ...request,
      signal: ended,
      // The signal ends the try; undici's own limit would end an hour's call after five minutes.
      headersTimeout: 0,
      bodyTimeout: BODY_IDLE_MS,
    });
    const { statusCode, headers, body } = await orAborted(response, ended);
    const limit = statusCode < 300 ? limits.maxBytes : MAX_FAILURE_BYTES;
    const answer = { status: statusCode, headers, ...(await readText(body, limit)) };
    return { answer, timedOut: timeout.aborted };
  } catch (error) {
    return { error, started: begun.started(), timedOut: timeout.aborted };
  }
}

/** Tells whether any byte of the request may have left: undici calls this before it writes. */
function noteStart(dispatcher: Dispatcher) {
  let started = false;
  const noted = dispatcher.compose((dispatch) => (options, handler) => {
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      started = true;
      start?.(controller, context);
    };
    return dispatch(options, handler);
  });
  return { dispatcher: noted, started: () => started };
}

/** undici looks at the signal only once it is connected; a caller wants to go on at once. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
    promise.catch(() => {});
    aborted.catch(() => {});
  }
}

async function readText(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Pick<Answer, "text" | "broken">> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBytes) return { text: decode(chunks), broken: "too-large" };
      chunks.push(chunk);
    }
    return { text: decode(chunks) };
  } catch (error) {
    return { text: decode(chunks), broken: { error } };
  }
}

function decode(chunks: Uint8Array[]): string {
  return new TextDecoder().decode(Buffer.concat(chunks));
}
