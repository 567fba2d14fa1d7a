import { type Redactor, redactError } from "../process/redact";
import { type Body, cut, describeHtml, serverWords } from "./body";
import {
  type BadAnswerReason,
  type FailureFacts,
  type HttpError,
  type HttpErrorCode,
  httpError,
  type Sent,
} from "./errors";
import { type HttpResponse, header } from "./exchange";
import { networkFailure } from "./network-failure";
import { type HttpRequest, isWrite } from "./request";
import { parseRetryAfter } from "./retry-decision";

/** How much of the server's words is kept, in characters. */
const longestWords = 500;

/** One try of a request. */
export interface Attempt {
  readonly request: HttpRequest;
  /** Which one it is, from 1; 0 before the first. */
  readonly tries: number;
  /** Whether an earlier try of the request may have taken effect. */
  readonly inDoubt: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is particular to a failure. `mayHaveTakenEffect` is about this try alone. */
type Particulars = Pick<FailureFacts, "code" | "what" | "retryable"> &
  Partial<Omit<FailureFacts, "cause">> & { cause?: unknown };

/**
 * Adds what every failure of the request has. `what` is in our own words, or redacted where it quotes: a
 * token that is a common word would be masked in our own words, too.
 */
function factsOf({ request, tries, inDoubt }: Attempt, particulars: Particulars): FailureFacts {
  const { system, operation, method, path, origin, redact } = request;
  const { what, cause, mayHaveTakenEffect = false, ...others } = particulars;
  return {
    system,
    operation,
    method,
    path: redact(path),
    origin: redact(origin),
    tries,
    outOfTime: false,
    isWrongAddress: isWrongAddress(particulars),
    ...others,
    what,
    cause: cause === undefined ? undefined : redactError(cause, redact),
    mayHaveTakenEffect: inDoubt || mayHaveTakenEffect,
  };
}

/**
 * Whether a request seems to have gone to another address than the API's: nothing is there, or what
 * responds does so with web pages, redirects or a 404 without words.
 */
function isWrongAddress(particulars: Particulars): boolean {
  const { code, sent, outOfTime, fromApi, reason, isProxy } = particulars;
  if (isProxy) return false;
  return (
    code === "INVALID_URL" ||
    (code === "NO_ANSWER" && sent === false && !outOfTime) ||
    (code === "NOT_FOUND" && !fromApi) ||
    (code === "BAD_ANSWER" && (reason === "html" || reason === "redirect"))
  );
}

/** What the request's system advises. */
export function hintFor({ hints }: HttpRequest, facts: FailureFacts): string | undefined {
  return facts.isProxy
    ? "Check the proxy in HTTPS_PROXY or HTTP_PROXY; NO_PROXY names hosts that need none."
    : hints?.(facts);
}

/** Makes the error of a failure, with what its system advises. */
export function errorOf(request: HttpRequest, facts: FailureFacts, ending?: string): HttpError {
  return httpError(facts, { ending, hint: hintFor(request, facts) });
}

/** Facts about a response that every failure of it carries. */
function responseFacts({ request, now }: Attempt, response: HttpResponse, body: Body) {
  const { requestIdHeaders, redact } = request;
  const id = requestIdHeaders.map((name) => header(response, name)).find((value) => value);
  // Nobody knows what the rest would have been: half a page may look like the API's own words.
  const bodyKind = response.broken ? undefined : body.kind;
  return {
    status: response.status,
    bodyKind,
    fromApi: bodyKind === "json" || bodyKind === "text",
    requestId: id && cut(redact(id), 100),
    retryAfterMs: parseRetryAfter(header(response, "retry-after"), header(response, "date"), now),
  };
}

const codes: Partial<Record<number, HttpErrorCode>> = {
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  410: "GONE",
  429: "RATE_LIMITED",
};

/** Statuses below 500 after which the same request may succeed, and those above after which it won't. */
const passing = [408, 425, 429];
const lasting = [501, 505];

/** The one place where a status becomes a class. */
export function statusFailure(attempt: Attempt, response: HttpResponse, body: Body): FailureFacts {
  const { status } = response;
  const { redact } = attempt.request;
  // Half a text may hold half a secret, which no redactor finds.
  const words = response.broken ? {} : serverWords(body);
  const serverMessage = words.message && cut(redact(words.message), longestWords);
  const isServers = status >= 500;
  return factsOf(attempt, {
    ...responseFacts(attempt, response, body),
    code: codes[status] ?? (isServers ? "SERVER_FAILURE" : "REFUSED"),
    serverMessage,
    serverCode: words.code && cut(redact(words.code), 100),
    what: `returned ${status}${serverMessage ? `: ${serverMessage}` : silence(response, body, redact)}`,
    retryable: isServers ? !lasting.includes(status) : passing.includes(status),
    mayHaveTakenEffect: isServers && isWrite(attempt.request),
  });
}

function silence({ broken }: HttpResponse, body: Body, redact: Redactor): string {
  if (body.kind === "html") return ` with ${redact(describeHtml(body.text))}`;
  if (body.kind === "compressed" || body.kind === "overgrown") return " with an unreadable body";
  return broken ? " with an incomplete body" : " without a message";
}

/** A response with a status of success that is not what the API is known to send. */
export function badAnswer(
  attempt: Attempt,
  response: HttpResponse,
  body: Body,
  reason: BadAnswerReason,
  what: string,
): FailureFacts {
  return factsOf(attempt, {
    ...responseFacts(attempt, response, body),
    code: "BAD_ANSWER",
    reason,
    what: `returned ${response.status} ${what}`,
    retryable: reason === "malformed" || reason === "empty",
    mayHaveTakenEffect: isWrite(attempt.request),
  });
}

/** A redirect is not followed, since that would send the credential to wherever it points. */
export function redirectFailure(
  attempt: Attempt,
  response: HttpResponse,
  body: Body,
): FailureFacts {
  const { origin, redact } = attempt.request;
  const target = URL.parse(header(response, "location") ?? "", origin);
  return factsOf(attempt, {
    ...responseFacts(attempt, response, body),
    code: "BAD_ANSWER",
    reason: "redirect",
    what: `returned ${response.status}, a redirect to ${target ? redact(target.origin) : "nowhere"}, which is not followed`,
    retryable: false,
    // 303 is how a server says that a write is done and where to look.
    mayHaveTakenEffect: response.status === 303 && isWrite(attempt.request),
  });
}

/** No response, or not a complete one. */
export function networkError(
  attempt: Attempt,
  error: unknown,
  sent: Sent,
  status?: number,
): FailureFacts {
  const { origin, redact } = attempt.request;
  const failure = networkFailure(error, origin);
  const { closed, badAnswer: reason, passing: retryable, proxy } = failure;
  if (closed) return cancelled(attempt, error, sent);
  const words = failure.isForeign ? redact(failure.reason) : failure.reason;
  const mayHaveTakenEffect = sent !== false && isWrite(attempt.request);
  const isProxy = proxy !== undefined;
  const common = { cause: error, mayHaveTakenEffect, retryable, status, isProxy };
  if (reason) {
    return factsOf(attempt, {
      ...common,
      code: "BAD_ANSWER",
      reason,
      what: `returned ${words}`,
    });
  }
  const what = `${gotNone(attempt, sent)}: ${words}`;
  return factsOf(attempt, { ...common, code: "NO_ANSWER", sent, what });
}

/** A try took longer than it may. */
export function timeoutFailure(
  attempt: Attempt,
  timeoutMs: number,
  sent: Sent,
  status?: number,
): FailureFacts {
  return factsOf(attempt, {
    code: "NO_ANSWER",
    sent,
    status,
    what: `${gotNone(attempt, sent)} within ${Math.round(timeoutMs / 100) / 10} s`,
    retryable: true,
    mayHaveTakenEffect: sent !== false && isWrite(attempt.request),
  });
}

function gotNone({ request: { origin } }: Attempt, sent: Sent): string {
  const host = origin.replace(/^https?:\/\//, "");
  return `got no ${sent === true ? "complete " : ""}response from ${host}`;
}

/** The caller gave up. */
export function cancelled(attempt: Attempt, cause: unknown, sent: Sent): FailureFacts {
  return factsOf(attempt, {
    code: "CANCELLED",
    cause,
    what: "was cancelled",
    retryable: false,
    mayHaveTakenEffect: sent !== false && isWrite(attempt.request),
  });
}

/** The rate limit has no slot before the deadline. */
export function overBudget(attempt: Attempt, reason: string): FailureFacts {
  const what = `was not sent: ${reason}`;
  return factsOf(attempt, { code: "RATE_LIMITED", what, retryable: true, outOfTime: true });
}

/** The deadline had passed before anything was sent. */
export function tooLate(attempt: Attempt): FailureFacts {
  return factsOf(attempt, {
    code: "NO_ANSWER",
    what: "was not sent: the deadline had already passed",
    sent: false,
    retryable: true,
    outOfTime: true,
  });
}

/** The error of a failure where the next try would come after the deadline. */
export function noTimeLeft(
  request: HttpRequest,
  last: FailureFacts,
  delayMs: number,
  deadline: number,
): HttpError {
  const { retryAfterMs } = last;
  const reason =
    retryAfterMs === undefined
      ? `the next try would be in ${Math.ceil(delayMs / 1_000)} s`
      : `the server asked for a ${Math.ceil(retryAfterMs / 1_000)} s delay`;
  const end = new Date(deadline).toISOString();
  const ending = `Not retried: ${reason}, which is past the deadline (${end}). Run the command again later.`;
  return errorOf(request, { ...last, outOfTime: true }, ending);
}

/** The error of a URL that cannot be used. */
export function invalidUrl(request: HttpRequest, problem: string): HttpError {
  const what = `was not sent: ${problem}`;
  const attempt = { request, tries: 0, inDoubt: false, now: 0 };
  return errorOf(request, factsOf(attempt, { code: "INVALID_URL", what, retryable: false }));
}

/** The error of a proxy of the environment that cannot be used. */
export function unusableProxy(request: HttpRequest, problem: string): HttpError {
  const what = `was not sent: ${problem}`;
  const attempt = { request, tries: 0, inDoubt: false, now: 0 };
  const particulars = { code: "INVALID_URL", what, retryable: false, isProxy: true } as const;
  return errorOf(request, factsOf(attempt, particulars));
}
