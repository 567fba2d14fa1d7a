import { type Redactor, redactError } from "../process/redact";
import { type Body, cut, describeHtml, serverWords } from "./body";
import type { Method } from "./endpoint";
import type { HttpError, HttpErrorDetails } from "./errors";
import * as errors from "./errors";
import type { Answer } from "./exchange";
import { networkFailure } from "./network-failure";
import { askedDelay, parseRetryAfter } from "./retry-decision";

/** How much of the server's words is passed on, in characters. */
const MAX_WORDS = 500;

/** What every failure of one try has in common. */
export interface Attempt {
  system: string;
  operation: string;
  method: Method;
  /** Of the server: `https://api.example.com`; empty when the configured URL is not one. */
  origin: string;
  /** With the base URL's, without the query. */
  path: string;
  tries: number;
  /** An earlier try of this request may have taken effect. */
  inDoubt: boolean;
  now: number;
  requestIdHeaders: readonly string[];
  redact: Redactor;
  /** Says what to do next. */
  hints?: (error: HttpError) => string | undefined;
}

type Varying = Pick<HttpErrorDetails, "what" | "retryable"> & Partial<HttpErrorDetails>;

/**
 * Makes an error twice: the hint depends on the error and is part of its message. Every text passes
 * the redactor here.
 */
function finish<Extra, E extends HttpError>(
  attempt: Attempt,
  make: new (details: HttpErrorDetails & Extra) => E,
  varying: Varying & Extra,
): E {
  const { system, operation, method, tries, redact } = attempt;
  const details = {
    system,
    operation,
    method,
    path: redact(attempt.path),
    host: host(attempt),
    tries,
    ...varying,
    what: redact(varying.what),
    cause: varying.cause === undefined ? undefined : redactError(varying.cause, redact),
    mayHaveTakenEffect: attempt.inDoubt || (varying.mayHaveTakenEffect ?? false),
  };
  const hint = attempt.hints?.(new make(details));
  return hint ? new make({ ...details, hint: redact(hint) }) : new make(details);
}

function host({ origin }: Attempt): string {
  return origin.replace(/^https?:\/\//, "");
}

/** Whether the request is one that changes something. */
export function isWrite({ method }: Attempt): boolean {
  return method !== "GET" && method !== "HEAD";
}

/** Facts about an answer that every error of it carries. */
function answerFacts(attempt: Attempt, answer: Answer, body: Body) {
  const id = attempt.requestIdHeaders.map((name) => header(answer, name)).find((value) => value);
  return {
    status: answer.status,
    contentType: header(answer, "content-type"),
    // What the rest would have been is not known: half a page may look like the API's own words.
    bodyKind: answer.broken ? undefined : body.kind,
    requestId: id && cut(attempt.redact(id), 100),
    retryAfterMs: parseRetryAfter(header(answer, "retry-after"), attempt.now),
  };
}

/** One header of an answer; the first where there are several. */
export function header({ headers }: Pick<Answer, "headers">, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}

/** The one place where a status becomes a class. */
export function statusFailure(attempt: Attempt, answer: Answer, body: Body): HttpError {
  const { status } = answer;
  // Half a text may hold half a secret, which no redactor finds.
  const words = answer.broken ? {} : serverWords(body);
  const serverMessage = words.message && cut(attempt.redact(words.message), MAX_WORDS);
  const serverCode = words.code && cut(attempt.redact(words.code), 100);
  const told = serverMessage ? `: ${serverMessage}` : silence(answer, body);
  const failure = {
    ...answerFacts(attempt, answer, body),
    serverMessage,
    serverCode,
    what: `answered ${status}${told}`,
    retryable: status === 408 || status === 425,
  };
  if (status === 401) return finish(attempt, errors.Unauthorized, failure);
  if (status === 403) return finish(attempt, errors.Forbidden, failure);
  if (status === 404) return finish(attempt, errors.NotFound, failure);
  if (status === 409) return finish(attempt, errors.Conflict, failure);
  if (status === 410) return finish(attempt, errors.Gone, failure);
  if (status === 429) return finish(attempt, errors.RateLimited, { ...failure, retryable: true });
  if (status < 500) return finish(attempt, errors.Refused, failure);
  return finish(attempt, errors.ServerFailure, {
    ...failure,
    retryable: status !== 501 && status !== 505,
    mayHaveTakenEffect: isWrite(attempt),
  });
}

function silence(answer: Answer, body: Body): string {
  if (body.kind === "html") return ` with ${describeHtml(body.text)}`;
  if (body.kind === "compressed" || body.kind === "overgrown") return " with an unreadable text";
  return answer.broken ? " with a text that broke off" : " without a message";
}

/** An answer with a status of success that is not what the API is known to give. */
export function badAnswer(
  attempt: Attempt,
  answer: Answer,
  body: Body,
  reason: errors.BadAnswerReason,
  what: string,
): HttpError {
  return finish(attempt, errors.BadAnswer, {
    ...answerFacts(attempt, answer, body),
    reason,
    what: `answered ${answer.status} ${what}`,
    retryable: reason === "malformed" || reason === "empty",
    mayHaveTakenEffect: isWrite(attempt),
  });
}

/** A redirect is not followed: the credential would go along, to wherever it points. */
export function redirectFailure(attempt: Attempt, answer: Answer, body: Body): HttpError {
  const target = URL.parse(header(answer, "location") ?? "", attempt.origin);
  return finish(attempt, errors.BadAnswer, {
    ...answerFacts(attempt, answer, body),
    reason: "redirect",
    what: `answered ${answer.status}, a redirect to ${target?.origin ?? "nowhere"}, which is not followed`,
    retryable: false,
    // 303 is how a server says that a write is done and where to look.
    mayHaveTakenEffect: answer.status === 303 && isWrite(attempt),
  });
}

/** No answer, or not a whole one. */
export function networkError(
  attempt: Attempt,
  error: unknown,
  sent: errors.Sent,
  status?: number,
): HttpError {
  const failure = networkFailure(error);
  const mayHaveTakenEffect = sent !== false && isWrite(attempt);
  const common = { cause: error, mayHaveTakenEffect, retryable: failure.passing, status };
  if (failure.closed) return cancelled(attempt, error, sent);
  if (failure.badAnswer) {
    const { badAnswer: reason, reason: words } = failure;
    return finish(attempt, errors.BadAnswer, { ...common, reason, what: `was answered ${words}` });
  }
  const what = `got no ${sent === true ? "whole " : ""}answer from ${host(attempt)}`;
  return finish(attempt, errors.NoAnswer, { ...common, sent, what: `${what}: ${failure.reason}` });
}

/** A try took longer than it may. */
export function timeoutFailure(
  attempt: Attempt,
  timeoutMs: number,
  sent: errors.Sent,
  status?: number,
): HttpError {
  const what = `got no ${sent === true ? "whole " : ""}answer from ${host(attempt)}`;
  return finish(attempt, errors.NoAnswer, {
    sent,
    status,
    what: `${what} within ${Math.round(timeoutMs / 100) / 10} s`,
    retryable: true,
    mayHaveTakenEffect: sent !== false && isWrite(attempt),
  });
}

/** The caller gave up. */
export function cancelled(attempt: Attempt, cause: unknown, sent: errors.Sent): HttpError {
  return finish(attempt, errors.RequestCancelled, {
    cause,
    what: "was cancelled",
    retryable: false,
    mayHaveTakenEffect: sent !== false && isWrite(attempt),
  });
}

/** The budget has no room before the call has to end. */
export function overBudget(attempt: Attempt, reason: string): HttpError {
  const what = `was not sent: ${reason}`;
  return finish(attempt, errors.RateLimited, { what, retryable: true, outOfTime: true });
}

/** The call's deadline had passed before anything was sent. */
export function tooLate(attempt: Attempt): HttpError {
  const what = "was not sent: the time for it was over";
  return finish(attempt, errors.NoAnswer, { what, sent: false, retryable: true, outOfTime: true });
}

/** The next try would come when the call has to have ended. */
export function noTimeLeft(last: HttpError, delayMs: number, deadline: number): HttpError {
  const wish = askedDelay(last) === undefined ? "" : " as the server asks";
  const end = new Date(deadline).toISOString();
  const ending = `It is not tried again: that would be in ${Math.ceil(delayMs / 1_000)} s${wish}, and the time for it ends at ${end}. Run it again later.`;
  return last.retold({ outOfTime: true, ending });
}

/** The URL cannot be used. */
export function invalidUrl(attempt: Attempt, problem: string): HttpError {
  const what = `was not sent: ${problem}`;
  return finish(attempt, errors.InvalidUrl, { what, retryable: false });
}
