import { FormationsError } from "../errors";
import { ownWords } from "../process/redact";
import type { BodyKind } from "./body";
import type { Method } from "./endpoint";

/** Which class an error is of. */
export type HttpErrorCode =
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

/** What is known of a failed request, before there is an error of it. Its texts are redacted. */
export type FailureFacts = Omit<HttpError, keyof Error | "topic"> & { cause?: Error };

/** What a message says after what happened. */
export interface Advice {
  /** Why there is no other try, in whole sentences, where one might have helped. */
  ending?: string;
  /** What to do next, in whole sentences. */
  hint?: string;
}

/**
 * A request that did not end as asked. There is one class for each thing that a caller does
 * differently; the fields say the rest. Neither message nor fields hold headers or secrets.
 */
export abstract class HttpError extends FormationsError {
  // `declare`: the constructor assigns all facts at once.
  declare readonly code: HttpErrorCode;
  /** The system's name, as a user knows it: `Citus Cloud`. */
  declare readonly system: string;
  /** What was tried: `create formation`. */
  declare readonly operation: string;
  declare readonly method: Method;
  /** The path of the request, with the base URL's, without the query. */
  declare readonly path: string;
  /** What happened, as it follows method and path: `returned 404: not found`. */
  declare readonly what: string;
  /** How often the request was tried. */
  declare readonly tries: number;
  /** Whether the same request may succeed later, unchanged. */
  declare readonly retryable: boolean;
  /** It changes something, and this or an earlier try may have done it: look before repeating it. */
  declare readonly mayHaveTakenEffect: boolean;
  /** Not sent, or not again, because the deadline had passed or would have. */
  declare readonly outOfTime: boolean;
  /** Whether another address than the API's was asked: nothing is there, or something else. */
  declare readonly isWrongAddress: boolean;
  /** Of the server that was asked: `https://api.example.com`. */
  readonly origin?: string;
  /** Whether the environment's proxy is at fault. */
  readonly isProxy?: boolean;
  /** Whether a request without a response was sent. */
  readonly sent?: Sent;
  /** The HTTP status; undefined when there was no response. */
  readonly status?: number;
  /** The server's words, at most 500 characters. */
  readonly serverMessage?: string;
  /** The server's own code for the failure, if it gives one besides the message. */
  readonly serverCode?: string;
  readonly requestId?: string;
  /** What the body is, whatever its content type says; undefined where it is not complete. */
  readonly bodyKind?: BodyKind;
  /**
   * Whether the body has words of the API's own. A 404 whose body is empty, a web page, unreadable or
   * cut off comes from a wrong URL rather than from an API that says what does not exist.
   */
  readonly fromApi?: boolean;
  /** What is wrong with a response that the API is not known to give. */
  readonly reason?: BadAnswerReason;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor({ cause, ...facts }: FailureFacts, advice: Advice = {}) {
    super(ownWords(messageOf(facts, advice)), cause && { cause });
    Object.assign(this, facts);
  }
}

/** What a message says where the request may have been carried out. */
const doubt = "It may have taken effect.";

/** The message of a failure of which its caller knows, from the server's words, that nothing was done. */
export function withoutDoubt({ message }: HttpError): string {
  return message.replace(` ${doubt}`, "");
}

/** The message of an error: what was tried, what happened, and what to do next. */
export function messageOf(
  facts: Omit<FailureFacts, "cause">,
  { ending, hint }: Advice = {},
): string {
  const { system, operation, method, path, what, requestId, tries, origin = "" } = facts;
  // Where something else than the API responds, its whole address shows why.
  const where = facts.isWrongAddress && facts.status !== undefined ? `${origin}${path}` : path;
  const remarks = [
    ...(requestId ? [`request ID ${requestId}`] : []),
    ...(tries > 1 ? [`${tries} tries`] : []),
  ];
  const told = what.replace(/[.\s]+$/, "") + (remarks.length ? ` (${remarks.join(", ")})` : "");
  const failure = `${system}: could not ${operation}: ${method} ${where} ${told}.`;
  return [failure, facts.mayHaveTakenEffect && doubt, ending, hint].filter(Boolean).join(" ");
}

/** 401: the credential is missing, wrong or expired. */
export class Unauthorized extends HttpError {
  declare readonly code: "UNAUTHORIZED";
}

/** 403: the credential is known but may not do this. */
export class Forbidden extends HttpError {
  declare readonly code: "FORBIDDEN";
}

/** 404. */
export class NotFound extends HttpError {
  declare readonly code: "NOT_FOUND";
}

/** 410: it existed, and does no longer. */
export class Gone extends HttpError {
  declare readonly code: "GONE";
}

/** 409. */
export class Conflict extends HttpError {
  declare readonly code: "CONFLICT";
}

/** 400, 422 and every 4xx without a class of its own: the request will not be accepted as it is. */
export class Refused extends HttpError {
  declare readonly code: "REFUSED";
}

/** 429; or, without a status, the rate limit has no slot before the deadline. */
export class RateLimited extends HttpError {
  declare readonly code: "RATE_LIMITED";
}

/** 5xx. */
export class ServerFailure extends HttpError {
  declare readonly code: "SERVER_FAILURE";
}

/** There was no complete response: no connection, a reset, a timeout, a body that was cut off. */
export class NoAnswer extends HttpError {
  declare readonly code: "NO_ANSWER";
}

/** There was a response, but not one that the API is known to give. */
export class BadAnswer extends HttpError {
  declare readonly code: "BAD_ANSWER";
}

/** The caller's signal was aborted, or the client closed, before there was a response. */
export class RequestCancelled extends HttpError {
  declare readonly code: "CANCELLED";
}

/** The base URL (or the proxy's) cannot be used: nothing was sent. */
export class InvalidUrl extends HttpError {
  declare readonly code: "INVALID_URL";
}

const classes = {
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
} as const satisfies Record<HttpErrorCode, unknown>;

/** The one place where facts become an error, of the class that their code names. */
export function httpError(facts: FailureFacts, advice?: Advice): HttpError {
  return new classes[facts.code](facts, advice);
}

/**
 * Whether the API says that what was asked for does not exist: 410, or 404 in words of its own. A 404 that
 * is empty or a web page comes from a wrong URL, and says nothing.
 */
export function isGone(error: unknown): boolean {
  return error instanceof Gone || (error instanceof NotFound && error.fromApi === true);
}

/** A response, or undefined where the API says that what was asked for does not exist: see {@link isGone}. */
export async function unlessGone<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
