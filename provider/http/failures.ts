import { type Redactor, redactError } from "../process/redact";
import { type Body, cut, describeHtml, serverWords } from "./body";
import type { Method } from "./endpoint";
import {
  type Advice,
  type BadAnswerReason,
  type Facts,
  type FailureCode,
  type HttpError,
  httpError,
  type Sent,
} from "./errors";
import type { Answer } from "./exchange";
import { networkFailure } from "./network-failure";
import { parseRetryAfter } from "./retry-decision";

/** How much of the server's words is passed on, in characters. */
const maxWords = 500;

/** One call, as every failure of it tells it. Made once, never changed. */
export interface HttpCall {
  readonly system: string;
  readonly operation: string;
  readonly method: Method;
  /** Of the server: `https://api.example.com`; empty when the configured URL is not one. */
  readonly origin: string;
  /** With the base URL's, without the query. */
  readonly path: string;
  readonly requestIdHeaders: readonly string[];
  readonly redact: Redactor;
  /** Says what to do next. */
  readonly hints?: (facts: Facts) => string | undefined;
}

/** One try of a call, as the retry loop counts them. */
export interface Try {
  readonly call: HttpCall;
  /** 1 for the first; 0: before the first. */
  readonly tries: number;
  /** Whether an earlier try may have taken effect. */
  readonly inDoubt: boolean;
}

/** The facts that differ from failure to failure. */
type Varying = Pick<Facts, "code" | "what" | "retryable"> & Partial<Facts>;

/** Makes an error from all facts, and what they suggest to do. Every text passes the redactor here. */
function failure({ call, tries, inDoubt }: Try, varying: Varying, ending?: string): HttpError {
  const { system, operation, method, redact } = call;
  const facts: Facts = {
    system,
    operation,
    method,
    path: redact(call.path),
    host: hostOf(call),
    tries,
    ...varying,
    what: redact(varying.what),
    cause: varying.cause === undefined ? undefined : redactError(varying.cause, redact),
    mayHaveTakenEffect: inDoubt || (varying.mayHaveTakenEffect ?? false),
  };
  const hint = call.hints?.(facts);
  const advice: Advice = { ending, hint: hint && redact(hint) };
  return httpError(facts, advice);
}

function hostOf({ origin }: HttpCall): string {
  return origin.replace(/^https?:\/\//, "");
}

/** Whether the request is one that changes something. */
export function isWrite({ method }: Pick<HttpCall, "method">): boolean {
  return method !== "GET" && method !== "HEAD";
}

/** Facts about a response that every error of it carries. */
function responseFacts({ call }: Try, answer: Answer, body: Body) {
  const id = call.requestIdHeaders.map((name) => header(answer, name)).find((value) => value);
  return {
    status: answer.status,
    contentType: header(answer, "content-type"),
    // What the rest would have been is not known: half a page may look like the API's own words.
    bodyKind: answer.broken ? undefined : body.kind,
    requestId: id && cut(call.redact(id), 100),
  };
}

/** One header of a response; the first where there are several. */
export function header({ headers }: Pick<Answer, "headers">, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}

/** The one place where a status becomes a kind of failure. */
export function statusFailure(attempt: Try, answer: Answer, body: Body, now: number): HttpError {
  const { redact } = attempt.call;
  const { status } = answer;
  // Half a text may hold half a secret, which no redactor finds.
  const words = answer.broken ? {} : serverWords(body);
  const serverMessage = words.message && cut(redact(words.message), maxWords);
  const serverCode = words.code && cut(redact(words.code), 100);
  const told = serverMessage ? `: ${serverMessage}` : silence(answer, body);
  return failure(attempt, {
    ...responseFacts(attempt, answer, body),
    code: codeOf(status),
    retryAfterMs: parseRetryAfter(header(answer, "retry-after"), now),
    serverMessage,
    serverCode,
    what: `returned ${status}${told}`,
    retryable: isPassing(status),
    mayHaveTakenEffect: status >= 500 && isWrite(attempt.call),
  });
}

function codeOf(status: number): FailureCode {
  switch (status) {
    case 401:
      return "UNAUTHORIZED";
    case 403:
      return "FORBIDDEN";
    case 404:
      return "NOT_FOUND";
    case 409:
      return "CONFLICT";
    case 410:
      return "GONE";
    case 429:
      return "RATE_LIMITED";
    default:
      return status < 500 ? "REFUSED" : "SERVER_FAILURE";
  }
}

/** Whether the same request may fare better later: 501 and 505 will not become another status. */
function isPassing(status: number): boolean {
  if (status >= 500) return status !== 501 && status !== 505;
  return status === 408 || status === 425 || status === 429;
}

function silence(answer: Answer, body: Body): string {
  if (body.kind === "html") return ` with ${describeHtml(body.text)}`;
  if (body.kind === "compressed" || body.kind === "overgrown") return " with an unreadable text";
  return answer.broken ? " with a text that broke off" : " without a message";
}

/** A response with a status of success that is not what the API is known to give. */
export function badAnswer(
  attempt: Try,
  answer: Answer,
  reason: BadAnswerReason,
  what: string,
  body: Body,
): HttpError {
  return failure(attempt, {
    ...responseFacts(attempt, answer, body),
    code: "BAD_ANSWER",
    reason,
    what: `returned ${answer.status} ${what}`,
    retryable: reason === "malformed" || reason === "empty",
    mayHaveTakenEffect: isWrite(attempt.call),
  });
}

/** A redirect is not followed: the credential would go along, to wherever it points. */
export function redirectFailure(attempt: Try, answer: Answer, body: Body): HttpError {
  const target = URL.parse(header(answer, "location") ?? "", attempt.call.origin);
  return failure(attempt, {
    ...responseFacts(attempt, answer, body),
    code: "BAD_ANSWER",
    reason: "redirect",
    what: `returned ${answer.status}, a redirect to ${target?.origin ?? "nowhere"}, which is not followed`,
    retryable: false,
    // 303 is how a server says that a write is done and where to look.
    mayHaveTakenEffect: answer.status === 303 && isWrite(attempt.call),
  });
}

/** No response, or not a whole one. */
export function networkError(attempt: Try, error: unknown, sent: Sent, status?: number): HttpError {
  const { closed, badAnswer: reason, reason: words, passing } = networkFailure(error);
  if (closed) return cancelled(attempt, error, sent);
  const facts = {
    cause: error,
    status,
    retryable: passing,
    mayHaveTakenEffect: sent !== false && isWrite(attempt.call),
  };
  if (reason) {
    return failure(attempt, {
      ...facts,
      code: "BAD_ANSWER",
      reason,
      what: `got a response ${words}`,
    });
  }
  const what = `${noResponse(attempt, sent)}: ${words}`;
  return failure(attempt, { ...facts, code: "NO_ANSWER", sent, what });
}

/** A try took longer than it may. */
export function timeoutFailure(
  attempt: Try,
  timeoutMs: number,
  sent: Sent,
  status?: number,
): HttpError {
  return failure(attempt, {
    code: "NO_ANSWER",
    sent,
    status,
    what: `${noResponse(attempt, sent)} within ${Math.round(timeoutMs / 100) / 10} s`,
    retryable: true,
    mayHaveTakenEffect: sent !== false && isWrite(attempt.call),
  });
}

function noResponse({ call }: Try, sent: Sent): string {
  return `got no ${sent === true ? "complete " : ""}response from ${hostOf(call)}`;
}

/** The caller gave up. */
export function cancelled(attempt: Try, cause: unknown, sent: Sent): HttpError {
  return failure(attempt, {
    code: "CANCELLED",
    cause,
    what: "was cancelled",
    retryable: false,
    mayHaveTakenEffect: sent !== false && isWrite(attempt.call),
  });
}

/** The rate limit has no slot before the deadline. */
export function overBudget(attempt: Try, reason: string): HttpError {
  const what = `was not sent: ${reason}`;
  return failure(attempt, { code: "RATE_LIMITED", what, retryable: true, outOfTime: true });
}

/** The call's deadline had passed before anything was sent. */
export function tooLate(attempt: Try): HttpError {
  return failure(attempt, {
    code: "NO_ANSWER",
    what: "was not sent: the deadline had already passed",
    sent: false,
    retryable: true,
    outOfTime: true,
  });
}

/** The next try would come after the deadline. */
export function noTimeLeft(
  attempt: Try,
  last: HttpError,
  delayMs: number,
  deadline: number,
): HttpError {
  const { cause, code, retryAfterMs } = last;
  const seconds = Math.ceil(delayMs / 1_000);
  const end = new Date(deadline).toISOString();
  const why =
    retryAfterMs === undefined
      ? `the next try would be in ${seconds} s`
      : `the server asked for a ${seconds} s delay`;
  return failure(
    attempt,
    { ...last, code, cause, outOfTime: true },
    `Not retried: ${why}, which is past the deadline (${end}). Run the command again later.`,
  );
}

/** The URL cannot be used. */
export function invalidUrl(attempt: Try, problem: string): HttpError {
  const what = `was not sent: ${problem}`;
  return failure(attempt, { code: "INVALID_URL", what, retryable: false });
}
