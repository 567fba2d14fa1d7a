import type { Dispatcher } from "undici";
import type { CallOptions } from "../process/call";
import { type Clock, systemClock } from "../process/clock";
import { conceal, createRedactor, type Redactor } from "../process/redact";
import { userAgent } from "../process/version";
import { checkBaseUrl } from "./base-url";
import type { RateBudget } from "./budget/rate-budget";
import type { Endpoint } from "./endpoint";
import type { Facts } from "./errors";
import { exchange, type WireRequest } from "./exchange";
import type { HttpCall, Try } from "./failures";
import * as failures from "./failures";
import { interpret } from "./interpret";
import { openPool, UnusableProxy } from "./pool";
import { retry } from "./retry";

/** Of a response's body, in bytes. */
const maxBodyBytes = 10 * 1024 * 1024;

export interface HttpClientOptions {
  /** The system's name, as a user knows it: `Citus Cloud`. */
  system: string;
  /** What all paths hang from; checked at the first request. */
  baseUrl: string;
  /** The credential's headers; called once a request. */
  headers: () => Record<string, string>;
  /** Values that must not appear in any text that leaves this module. */
  secrets: string[];
  /** The rate limit; without it there is no limit but the server's. */
  budget?: RateBudget;
  /** Accept plain http to other hosts than loopback. Default: false. */
  allowHttp?: boolean;
  /** Says what a user can do about an error, in whole sentences. */
  hints?: (facts: Facts) => string | undefined;
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
    const { secrets = [], signal, deadline, onWait } = sending;
    const redactCall =
      secrets.length > 0 ? createRedactor([...options.secrets, ...secrets]) : redact;
    const forgetCall = redactCall === redact ? undefined : conceal(redactCall);
    try {
      const { url, problem } = checkBaseUrl(options.baseUrl, options.allowHttp ?? false);
      const call = describeCall(options, endpoint, params, url, redactCall);
      if (!url) throw failures.invalidUrl(unsent(call), problem);
      const headers = { ...options.headers(), ...sending.headers };
      const request = wireRequest(call, endpoint, params, headers);
      const dispatcher = await connected(url, call);
      const { repeatable } = endpoint;
      const timeoutMs = (sending.timeoutSeconds ?? endpoint.timeoutSeconds) * 1_000;
      const maxBytes = options.maxBodyBytes ?? maxBodyBytes;
      const patience = { clock, random, budget, repeatable, timeoutMs, deadline, signal, onWait };
      return await retry(call, patience, async (attempt, tryMs) => {
        const limits = { timeoutMs: tryMs, maxBytes };
        const outcome = await exchange(dispatcher, request, limits, signal);
        return interpret(attempt, endpoint, outcome, { limits, signal, now: clock.now() });
      });
    } finally {
      forgetCall?.();
    }
  }

  function connected(url: URL, call: HttpCall): Promise<Dispatcher> {
    pool ??= openPool(url, options.maxConnections ?? 16);
    return pool.catch((error) => {
      throw error instanceof UnusableProxy
        ? failures.invalidUrl(unsent(call), error.message)
        : error;
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

function unsent(call: HttpCall): Try {
  return { call, tries: 0, inDoubt: false };
}

function describeCall<Params>(
  { system, hints, requestIdHeaders = ["x-request-id"] }: HttpClientOptions,
  {
    operation,
    method,
    path,
  }: Pick<Endpoint<Params, unknown, unknown>, "operation" | "method" | "path">,
  params: Params,
  url: URL | undefined,
  redact: Redactor,
): HttpCall {
  return {
    system,
    operation,
    method,
    origin: url?.origin ?? "",
    path: `${url?.pathname.replace(/\/$/, "") ?? ""}${path(params)}`,
    requestIdHeaders,
    redact,
    hints,
  };
}

function wireRequest<Params, Body>(
  { origin, path }: HttpCall,
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
