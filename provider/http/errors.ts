import { FormationsError } from "../errors";
import type { BodyKind } from "./body";
import type { Method } from "./endpoint";

/** What an error tells. Texts are redacted before they get here. */
export interface HttpErrorDetails {
  system: string;
  operation: string;
  method: Method;
  path: string;
  host: string;
  /** What came back, as it follows method and path: `answered 404: not found`. */
  what: string;
  retryable: boolean;
  mayHaveTakenEffect: boolean;
  tries: number;
  status?: number;
  serverMessage?: string;
  serverCode?: string;
  requestId?: string;
  contentType?: string;
  bodyKind?: BodyKind;
  retryAfterMs?: number;
  /** Not sent, or not again, since the time for it was over or would have been. */
  outOfTime?: boolean;
  /** Why no other try is made, in whole sentences, where one might have helped. */
  ending?: string;
  /** What to do next. */
  hint?: string;
  cause?: unknown;
}

/**
 * A request that did not end as asked. There is one class for each thing that a caller does
 * differently; see the fields for the rest. Neither message nor fields hold headers or secrets.
 */
export abstract class HttpError extends FormationsError {
  /** The system's name, as a user knows it: `Citus Cloud`. */
  readonly system: string;
  /** What was tried: `create formation`. */
  readonly operation: string;
  readonly method: Method;
  /** The path that was asked for, with the base URL's; without the query. */
  readonly path: string;
  /** Host and port that were asked. */
  readonly host: string;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  /** A write whose fate is unknown, at this or an earlier try: look first before repeating it. */
  override readonly mayHaveTakenEffect: boolean;
  /** How often the request was tried. */
  readonly tries: number;
  /** The HTTP status; undefined when no answer came. */
  readonly status?: number;
  /** The server's words, at most 500 characters. */
  readonly serverMessage?: string;
  /** The server's own code for the failure, if it gives one besides the message. */
  readonly serverCode?: string;
  readonly requestId?: string;
  readonly contentType?: string;
  /** What the body was, looking at the body itself; undefined where it is not whole. */
  readonly bodyKind?: BodyKind;
  override readonly outOfTime: boolean;
  readonly #details: HttpErrorDetails;

  constructor(details: HttpErrorDetails) {
    super(sentence(details), details.cause === undefined ? undefined : { cause: details.cause });
    this.#details = details;
    this.system = details.system;
    this.operation = details.operation;
    this.method = details.method;
    this.path = details.path;
    this.host = details.host;
    this.retryable = details.retryable;
    this.mayHaveTakenEffect = details.mayHaveTakenEffect;
    this.tries = details.tries;
    this.status = details.status;
    this.serverMessage = details.serverMessage;
    this.serverCode = details.serverCode;
    this.requestId = details.requestId;
    this.contentType = details.contentType;
    this.bodyKind = details.bodyKind;
    this.outOfTime = details.outOfTime ?? false;
  }

  /** The same error, of the same class, with more to tell. */
  retold(more: Pick<HttpErrorDetails, "outOfTime" | "ending">): HttpError {
    // A class takes what its own instances were made of.
    const Same = this.constructor as new (details: HttpErrorDetails) => HttpError;
    return new Same({ ...this.#details, ...more });
  }
}

/**
 * The error of a creation that may have taken effect, where looking for what it left failed too: that
 * it may be there is what the reader has to know.
 *
 * @param reason why the look failed; where no request did, and nobody cancelled, it is given back
 */
export function notLookedFor(lost: HttpError, reason: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return lost;
  if (!(reason instanceof HttpError)) return reason;
  const ending = `${reason.message} So nothing was sent again: the next \`pulumi up\` looks for it before it creates.`;
  return lost.retold({ ending, outOfTime: lost.outOfTime || reason.outOfTime });
}

function sentence(details: HttpErrorDetails): string {
  const { system, operation, method, path, what, requestId, tries } = details;
  const remarks = [
    ...(requestId ? [`request ID ${requestId}`] : []),
    ...(tries > 1 ? [`${tries} tries`] : []),
  ];
  const told = what.replace(/[.\s]+$/, "") + (remarks.length ? ` (${remarks.join(", ")})` : "");
  const doubt = details.mayHaveTakenEffect ? " Whether it took effect is not known." : "";
  const ending = details.ending ? ` ${details.ending}` : "";
  const hint = details.hint ? ` ${details.hint}` : "";
  return `${system}: could not ${operation}: ${method} ${path} ${told}.${doubt}${ending}${hint}`;
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

  /**
   * False when the body was empty, a web page, unreadable or not whole: then it was rather the wrong
   * URL that answered than the API saying that something does not exist.
   */
  get fromApi(): boolean {
    return this.bodyKind === "json" || this.bodyKind === "text";
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

/** 429; or, without a status, the budget would not have allowed the request in time. */
export class RateLimited extends HttpError {
  readonly code = "RATE_LIMITED";
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(details: HttpErrorDetails) {
    super(details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** 5xx. */
export class ServerFailure extends HttpError {
  readonly code = "SERVER_FAILURE";
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(details: HttpErrorDetails) {
    super(details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/**
 * Whether a request reached the server: `false` when certainly nothing was sent (refused, unknown
 * host, TLS), `true` when an answer began, else `"unknown"`.
 */
export type Sent = boolean | "unknown";

/** No whole answer came: no connection, a reset, a timeout, a body that broke off. */
export class NoAnswer extends HttpError {
  readonly code = "NO_ANSWER";
  readonly sent: Sent;

  constructor(details: HttpErrorDetails & { sent: Sent }) {
    super(details);
    this.sent = details.sent;
  }
}

/** What was wrong with an answer. */
export type BadAnswerReason =
  | "html"
  | "malformed"
  | "empty"
  | "schema"
  | "too-large"
  | "redirect"
  | "compressed"
  | "protocol";

/** An answer came, but not one that the API is known to give. */
export class BadAnswer extends HttpError {
  readonly code = "BAD_ANSWER";
  readonly reason: BadAnswerReason;

  constructor(details: HttpErrorDetails & { reason: BadAnswerReason }) {
    super(details);
    this.reason = details.reason;
  }
}

/** The caller's signal was aborted, or the client closed, before the answer came. */
export class RequestCancelled extends HttpError {
  readonly code = "CANCELLED";
}

/** The base URL (or the proxy's) cannot be used: nothing was sent. */
export class InvalidUrl extends HttpError {
  readonly code = "INVALID_URL";
}
