import type { Dispatcher } from "undici";
import type { CallOptions } from "../process/call";
import { type Clock, systemClock } from "../process/clock";
import { conceal, createRedactor, type Redactor } from "../process/redact";
import { userAgent } from "../process/version";
import { checkBaseUrl } from "./base-url";
import type { RateBudget } from "./budget/rate-budget";
import type { Endpoint } from "./endpoint";
import type { HttpError } from "./errors";
import { exchange, type WireRequest } from "./exchange";
import * as failures from "./failures";
import { interpret } from "./interpret";
import { openPool, UnusableProxy } from "./pool";
import { repeat } from "./retry";

/** Of an answer's body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface HttpClientOptions {
  /** The system's name, as a user knows it: `Citus Cloud`. */
  system: string;
  /** What all paths hang from; checked at the first request. */
  baseUrl: string;
  /** The credential's headers; called once a request. */
  headers: () => Record<string, string>;
  /** Values that must not appear in any text that leaves this module. */
  secrets: string[];
  /** Requests a minute; without it there is no limit but the server's. */
  budget?: RateBudget;
  /** Accept plain http to other hosts than loopback. Default: false. */
  allowHttp?: boolean;
  /** Says what a user can do about an error, in whole sentences. */
  hints?: (error: HttpError) => string | undefined;
  /** Headers of an answer that may hold the request's ID. Default: `x-request-id`. */
  requestIdHeaders?: string[];
  /** Default: the machine's. Time limits of a single try always run on the machine's. */
  clock?: Clock;
  /** Gives numbers from 0 to 1. Default: Math.random. */
  random?: () => number;
  /** Default: 16. */
  maxConnections?: number;
  /** Of an answer's body. Default: 10 MiB. */
  maxBodyBytes?: number;
}

/** Without a signal nothing cancels the call; without a deadline it may take five minutes. */
export interface SendOptions extends Partial<CallOptions> {
  /** Further headers, the same at each try: an idempotency key. */
  headers?: Record<string, string>;
  /** Further values to keep out of errors, such as one that the request's body holds. */
  secrets?: string[];
  /** How long one try may take, in seconds. Default: the endpoint's. */
  timeoutSeconds?: number;
}

export interface HttpClient {
  /**
   * Sends a request, again where that is safe, and resolves to the parsed answer.
   *
   * @throws HttpError, one of its classes.
   */
  send<Params, Body, Answer>(
    endpoint: Endpoint<Params, Body, Answer>,
    params: Params,
    options?: SendOptions,
  ): Promise<Answer>;
  /** Closes all connections; requests that are under way end as cancelled. */
  close(): Promise<void>;
}

/** A client of one API: one pool of connections, one credential. Opens nothing before it is used. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock = systemClock, random = Math.random, budget } = options;
  const redact = createRedactor(options.secrets);
  const forget = conceal(redact);
  let pool: Promise<Dispatcher> | undefined;

  async function send<Params, Body, Answer>(
    endpoint: Endpoint<Params, Body, Answer>,
    params: Params,
    sending: SendOptions = {},
  ): Promise<Answer> {
    const attempt = describeAttempt(options, endpoint, sending, redact);
    const forgetCall = attempt.redact === redact ? undefined : conceal(attempt.redact);
    try {
      return await carryOut(attempt, endpoint, params, sending);
    } finally {
      forgetCall?.();
    }
  }

  async function carryOut<Params, Body, Answer>(
    attempt: failures.Attempt,
    endpoint: Endpoint<Params, Body, Answer>,
    params: Params,
    sending: SendOptions,
  ): Promise<Answer> {
    const { url, problem } = checkBaseUrl(options.baseUrl, options.allowHttp ?? false);
    attempt.path = `${url?.pathname.replace(/\/$/, "") ?? ""}${endpoint.path(params)}`;
    if (!url) throw failures.invalidUrl(attempt, problem);
    attempt.origin = url.origin;
    const headers = { ...options.headers(), ...sending.headers };
    const request = wireRequest(attempt, endpoint, params, headers);
    pool ??= openPool(url, options.maxConnections ?? 16);
    const dispatcher = await pool.catch((error) => {
      throw error instanceof UnusableProxy ? failures.invalidUrl(attempt, error.message) : error;
    });

    const { signal, deadline, onWait } = sending;
    const { repeatable } = endpoint;
    const timeoutMs = (sending.timeoutSeconds ?? endpoint.timeoutSeconds) * 1_000;
    const patience = { clock, random, budget, repeatable, timeoutMs, deadline, signal, onWait };
    return repeat(attempt, patience, async (tryMs) => {
      const limits = { timeoutMs: tryMs, maxBytes: options.maxBodyBytes ?? MAX_BODY_BYTES };
      const outcome = await exchange(dispatcher, request, limits, signal);
      attempt.now = clock.now();
      return interpret(attempt, endpoint, outcome, limits, signal);
    });
  }

  return {
    send,
    async close() {
      const opened = await pool?.catch(() => undefined);
      await opened?.destroy();
      forget();
    },
  };
}

function describeAttempt(
  options: HttpClientOptions,
  { operation, method }: Pick<Endpoint<never, unknown, unknown>, "operation" | "method">,
  { secrets = [] }: SendOptions,
  redact: Redactor,
): failures.Attempt {
  return {
    system: options.system,
    operation,
    method,
    origin: "",
    path: "",
    tries: 0,
    inDoubt: false,
    now: 0,
    requestIdHeaders: options.requestIdHeaders ?? ["x-request-id"],
    redact: secrets.length > 0 ? createRedactor([...options.secrets, ...secrets]) : redact,
    hints: options.hints,
  };
}

function wireRequest<Params, Body>(
  { origin, path }: failures.Attempt,
  endpoint: Endpoint<Params, Body, unknown>,
  params: Params,
  headers: Record<string, string>,
): WireRequest {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(endpoint.query?.(params) ?? {})) {
    if (value !== undefined) query.append(name, value);
  }
  const body = JSON.stringify(endpoint.body?.(params));
  return {
    origin,
    path: query.size > 0 ? `${path}?${query}` : path,
    method: endpoint.method,
    headers: {
      accept: endpoint.format === "text" ? "text/plain" : "application/json",
      "accept-encoding": "identity",
      "user-agent": userAgent(),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body,
  };
}
