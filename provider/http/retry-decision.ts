import { backoff, shortestPause } from "../process/backoff";
import type { FailureFacts } from "./errors";

/** Failures other than 429 are tried so often in all. */
const maxTries = 5;

/**
 * How long to wait before the next try, in milliseconds.
 *
 * Without a wish of the server it doubles from one second up to 30, the half of it chance, so that
 * clients that failed together do not come back together. A wish is kept to in full, with up to a
 * tenth (at most a second) on top for the same reason.
 *
 * @param attempt 1 after the first failure.
 * @param retryAfterMs what the server asked for; see {@link parseRetryAfter}.
 * @param random a number from 0 to 1.
 */
export function retryDelay(
  attempt: number,
  retryAfterMs: number | undefined,
  random: number,
): number {
  if (retryAfterMs === undefined) return backoff(attempt, random);
  const wish = Math.max(retryAfterMs, shortestPause);
  return Math.round(wish + random * Math.min(wish / 10, 1_000));
}

/**
 * Reads a Retry-After header: seconds or an HTTP date (RFC 9110, section 10.2.3).
 *
 * @returns milliseconds from `now`, never negative; undefined when there is none or it is malformed.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  // Date.parse alone would take a bare number for a year.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0);
}

/** What is to be known of a failure to decide about another try. */
export interface RetryQuestion {
  failure: Pick<FailureFacts, "code" | "retryable" | "mayHaveTakenEffect" | "retryAfterMs">;
  /** Whether the endpoint may be sent again when its fate is unknown. */
  repeatable: boolean;
  /** How often the request has been tried. */
  tries: number;
  /** How many of these tries ended in a 429. */
  refusals: number;
  /** A number from 0 to 1. */
  random: number;
}

/**
 * How many milliseconds to wait before trying again; undefined when it must not be tried again: the
 * failure would come back, or the request may have taken effect.
 */
export function nextDelay(question: RetryQuestion): number | undefined {
  const { failure, repeatable, tries, refusals, random } = question;
  if (!failure.retryable || (failure.mayHaveTakenEffect && !repeatable)) return undefined;
  if (failure.code !== "RATE_LIMITED" && tries - refusals >= maxTries) return undefined;
  return retryDelay(tries, failure.retryAfterMs, random);
}
