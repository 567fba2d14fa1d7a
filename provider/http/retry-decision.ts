import { backoff, shortestPause } from "../process/backoff";
import type { FailureFacts } from "./errors";

/** How many tries a request has in all, those that end in a 429 aside. */
const maxTries = 5;

/**
 * How long to wait before the next try, in milliseconds.
 *
 * A delay that the server asked for is waited in full, plus up to a tenth of it (at most a second), so
 * that clients that failed together do not come back together. Without one, see {@link backoff}.
 *
 * @param attempt 1 after the first failure.
 * @param retryAfterMs the delay that the server asked for; see {@link parseRetryAfter}.
 * @param random a number from 0 to 1.
 */
export function retryDelay(
  attempt: number,
  retryAfterMs: number | undefined,
  random: number,
): number {
  if (retryAfterMs === undefined) return backoff(attempt, random);
  const asked = Math.max(retryAfterMs, shortestPause);
  return Math.round(asked + random * Math.min(asked / 10, 1_000));
}

/**
 * Reads a Retry-After header: seconds or an HTTP date (RFC 9110, section 10.2.3). A date is by the
 * server's clock, and so is the response's Date: the delay is what lies between them.
 *
 * @param sentAt the response's Date header
 * @param now the machine's time, for a response without a Date
 * @returns milliseconds, never negative; undefined when the header is absent or malformed
 */
export function parseRetryAfter(
  value: string | undefined,
  sentAt: string | undefined,
  now: number,
): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const until = parseDate(text);
  return until === undefined ? undefined : Math.max(until - (parseDate(sentAt) ?? now), 0);
}

/** An HTTP date; Date.parse alone would read a bare number as a year. */
function parseDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2,8},? /.test(text.trim())) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date;
}

/** What the decision about another try depends on. */
export interface RetryQuestion {
  failure: Pick<FailureFacts, "code" | "retryable" | "mayHaveTakenEffect" | "retryAfterMs">;
  /** Whether the request may be retried when nobody knows whether it took effect. */
  repeatable: boolean;
  /** How often the request has been tried. */
  tries: number;
  /** How many of these tries ended in a 429. */
  refusals: number;
  /** A number from 0 to 1. */
  random: number;
}

/**
 * How long to wait before the next try, in milliseconds; undefined when there must not be one: the
 * failure would come back, or the request may have taken effect.
 */
export function nextDelay(question: RetryQuestion): number | undefined {
  const { failure, repeatable, tries, refusals, random } = question;
  if (!failure.retryable || (failure.mayHaveTakenEffect && !repeatable)) return undefined;
  if (failure.code !== "RATE_LIMITED" && tries - refusals >= maxTries) return undefined;
  return retryDelay(tries, failure.retryAfterMs, random);
}
