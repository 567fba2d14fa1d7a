import { FormationsError } from "../errors";
import type { BodyKind } from "./body";
import type { Method } from "./endpoint";

/** What kind of failure it is; each has a class of its own, {@link HttpError}. */
export type FailureCode =
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "GONE"
  | "CONFLICT"
  | "REFUSED"
  | "RATE_LIMITED"
  | "SERVER_FAILURE"
  | "NO_ANSWER"
  | "BAD_ANSWER"
  | "CANCELLED"
  | "INVALID_URL";

/**
 * Whether a request reached the server: `false` when certainly nothing was sent (refused, unknown
 * host, TLS), `true` when a response began, else `"unknown"`.
 */
export type Sent = boolean | "unknown";

/** What was wrong with a response. */
export type BadAnswerReason =
  | "html"
  | "malformed"
  | "empty"
  | "schema"
  | "too-large"
  | "redirect"
  | "compressed"
  | "protocol";

/** All that is known of a failure. No text in it holds a header or a secret. */
export interface Facts {
  code: FailureCode;
  /** The system's name, as a user knows it: `Citus Cloud`. */
  system: string;
  /** What was attempted: `create formation`. */
  operation: string;
  method: Method;
  /** The path that was asked for, with the base URL's; without the query. */
  path: string;
  /** Host and port that were asked. */
  host: string;
  /** What happened, as it follows method and path: `returned 404: not found`. */
  what: string;
  /** Whether the same request may succeed later, unchanged. */
  retryable: boolean;
  /** A write whose fate is unknown, at this or an earlier try: look first before repeating it. */
  mayHaveTakenEffect: boolean;
  /** How often the request was tried. */
  tries: number;
  /** The HTTP status; undefined when no response came. */
  status?: number;
  /** The server's words, at most 500 characters. */
  serverMessage?: string;
  /** The server's own code for the failure, if it gives one besides the message. */
  serverCode?: string;
  requestId?: string;
  contentType?: string;
  /** What the body was, looking at the body itself; undefined where it is not whole. */
  bodyKind?: BodyKind;
  /** How long the server asked to wait, in milliseconds. */
  retryAfterMs?: number;
  /** Not sent, or not again, since the deadline had passed or would have. */
  outOfTime?: boolean;
  /** Of `NO_ANSWER`. */
  sent?: Sent;
  /** Of `BAD_ANSWER`. */
  reason?: BadAnswerReason;
  cause?: unknown;
}

/** What a message says after the facts, in whole sentences. */
export interface Advice {
  /** Why the request is not retried, where another try might have helped. */
  ending?: string;
  /** What to do next. */
  hint?: string;
}

/**
 * A request that did not end as asked. There is one class for each thing that a caller does
 * differently; see {@link Facts} for the rest. Neither message nor fields hold headers or secrets.
 */
export abstract class HttpError extends FormationsError implements Facts {
  abstract override readonly code: FailureCode;
  declare readonly system: Facts["system"];
  declare readonly operation: Facts["operation"];
  declare readonly method: Facts["method"];
  declare readonly path: Facts["path"];
  declare readonly host: Facts["host"];
  declare readonly what: Facts["what"];
  declare readonly retryable: Facts["retryable"];
  declare readonly tries: Facts["tries"];
  declare readonly status?: Facts["status"];
  declare readonly serverMessage?: Facts["serverMessage"];
  declare readonly serverCode?: Facts["serverCode"];
  declare readonly requestId?: Facts["requestId"];
  declare readonly contentType?: Facts["contentType"];
  declare readonly bodyKind?: Facts["bodyKind"];
  declare readonly retryAfterMs?: Facts["retryAfterMs"];

  constructor({ cause, ...facts }: Facts, advice: Advice) {
    super(sentence(facts, advice), cause === undefined ? undefined : { cause });
    Object.assign(this, facts);
  }
}

/** The one way to make an error of a request: from all facts, at once. */
export function httpError(facts: Facts, advice: Advice = {}): HttpError {
  return new classes[facts.code](facts, advice);
}

function sentence(facts: Facts, { ending, hint }: Advice): string {
  const { system, operation, method, path, what, requestId, tries } = facts;
  const remarks = [
    ...(requestId ? [`request ID ${requestId}`] : []),
    ...(tries > 1 ? [`${tries} tries`] : []),
  ];
  const told = what.replace(/[.\s]+$/, "") + (remarks.length ? ` (${remarks.join(", ")})` : "");
  const doubt = facts.mayHaveTakenEffect ? "It may have taken effect." : undefined;
  return [`${system}: could not ${operation}: ${method} ${path} ${told}.`, doubt, ending, hint]
    .filter((part) => part)
    .join(" ");
}

/** 401: the credential is missing, wrong or expired. */
export class Unauthorized extends HttpError {
  readonly code = "UNAUTHORIZED";
}

/** 403: the credential is known but may not do this. */
export class Forbidden extends HttpError {
  readonly code = "FORBIDDEN";
}

/** 404. */
export class NotFound extends HttpError {
  readonly code = "NOT_FOUND";

  /** See {@link isFromApi}. */
  get fromApi(): boolean {
    return isFromApi(this);
  }
}

/** 410: it existed, and does no longer. */
export class Gone extends HttpError {
  readonly code = "GONE";
}

/** 409. */
export class Conflict extends HttpError {
  readonly code = "CONFLICT";
}

/** 400, 422 and every 4xx without a class of its own: the request will not be accepted as it is. */
export class Refused extends HttpError {
  readonly code = "REFUSED";
}

/** 429; or, without a status, the rate limit had no slot before the deadline. */
export class RateLimited extends HttpError {
  readonly code = "RATE_LIMITED";
}

/** 5xx. */
export class ServerFailure extends HttpError {
  readonly code = "SERVER_FAILURE";
}

/** No whole response came: no connection, a reset, a timeout, a body that broke off. */
export class NoAnswer extends HttpError {
  readonly code = "NO_ANSWER";
  declare readonly sent: Sent;
}

/** A response came, but not one that the API is known to give. */
export class BadAnswer extends HttpError {
  readonly code = "BAD_ANSWER";
  declare readonly reason: BadAnswerReason;
}

/** The caller's signal was aborted, or the client closed, before the response came. */
export class RequestCancelled extends HttpError {
  readonly code = "CANCELLED";
}

/** The base URL (or the proxy's) cannot be used: nothing was sent. */
export class InvalidUrl extends HttpError {
  readonly code = "INVALID_URL";
}

const classes: Record<FailureCode, new (facts: Facts, advice: Advice) => HttpError> = {
  UNAUTHORIZED: Unauthorized,
  FORBIDDEN: Forbidden,
  NOT_FOUND: NotFound,
  GONE: Gone,
  CONFLICT: Conflict,
  REFUSED: Refused,
  RATE_LIMITED: RateLimited,
  SERVER_FAILURE: ServerFailure,
  NO_ANSWER: NoAnswer,
  BAD_ANSWER: BadAnswer,
  CANCELLED: RequestCancelled,
  INVALID_URL: InvalidUrl,
};

/**
 * Whether a 404 is the API's own. When its body was empty, a web page, unreadable or not whole, the
 * wrong URL answered rather than the API saying that something does not exist.
 */
export function isFromApi({ bodyKind }: Pick<Facts, "bodyKind">): boolean {
  return bodyKind === "json" || bodyKind === "text";
}

/**
 * Whether a request seems to have gone to another address than the API's: nothing is there, or what
 * answers does so with web pages, redirects or a 404 without words.
 */
export function isWrongAddress(facts: Facts): boolean {
  switch (facts.code) {
    case "INVALID_URL":
      return true;
    case "NO_ANSWER":
      return facts.sent === false && !facts.outOfTime;
    case "NOT_FOUND":
      return !isFromApi(facts);
    case "BAD_ANSWER":
      return facts.reason === "html" || facts.reason === "redirect";
    default:
      return false;
  }
}

/**
 * A response, or undefined where the API says that what was asked for does not exist: 410, or 404 in
 * words of its own. A 404 that is empty or a web page comes from a wrong URL, and stays an error.
 */
export async function unlessGone<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof Gone || (error instanceof NotFound && isFromApi(error))) return undefined;
    throw error;
  }
}
