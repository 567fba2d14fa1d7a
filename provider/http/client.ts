import type { Dispatcher } from "undici";
import { checkBaseUrl } from "../process/base-url";
import type { CallOptions } from "../process/call";
import { type Clock, systemClock } from "../process/clock";
import { conceal, createRedactor } from "../process/redact";
import { userAgent } from "../process/version";
import type { RateBudget, TakeOptions } from "./budget/rate-budget";
import type { Endpoint } from "./endpoint";
import { invalidUrl, unusableProxy } from "./failures";
import { openPool, UnusableProxy } from "./pool";
import { baseOf, type RequestDefaults, type RequestOptions, requestOf } from "./request";
import { sendWithRetries } from "./retry";

/** What a client is made of. */
export interface HttpClientOptions extends RequestDefaults {
  /** What all paths are appended to. A client of one that can't be used fails at its first request. */
  baseUrl: string;
  /** The rate limit; without it there is only the server's own. */
  budget?: RateBudget;
  /** Accept plain HTTP to other hosts than loopback. Default: false. */
  allowHttp?: boolean;
  /** Default: the machine's. The time limit of a single try always runs on the machine's. */
  clock?: Clock;
  /** Returns numbers from 0 to 1, for the length of delays. Default: Math.random. */
  random?: () => number;
  /** How many connections the client opens at most. Default: 16. */
  maxConnections?: number;
}

/** Options of one call. Without a deadline it may take five minutes, retries included. */
export interface SendOptions
  extends Partial<CallOptions>,
    RequestOptions,
    Pick<TakeOptions, "likelihood"> {
  /** Whether the first failure is final, for a request that somebody else repeats. Default: false. */
  once?: boolean;
}

/** A client of one API. */
export interface HttpClient {
  /**
   * Sends a request, retries it where that is safe, and resolves to the parsed response.
   *
   * @throws HttpError of the class that says what went wrong
   */
  send<Params, Body, Answer>(
    endpoint: Endpoint<Params, Body, Answer>,
    params: Params,
    options?: SendOptions,
  ): Promise<Answer>;
  /** Closes all connections; requests that are under way fail as cancelled. */
  close(): Promise<void>;
}

/** Makes a client: one pool of connections, one credential. It opens nothing before it is used. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const defaults = { ...options, headers: { "user-agent": userAgent(), ...options.headers } };
  const { baseUrl, allowHttp = false, maxConnections = 16, budget } = options;
  const { clock = systemClock, random = Math.random } = options;
  const redact = createRedactor(options.secrets);
  const { url, problem } = checkBaseUrl(baseUrl, allowHttp, redact);
  const base = baseOf(url);
  const forget = conceal(redact);
  let pool: Promise<Dispatcher> | undefined;

  return {
    async send(endpoint, params, sending = {}) {
      const request = requestOf(endpoint, params, base, defaults, redact, sending);
      const forgetCall = request.redact === redact ? undefined : conceal(request.redact);
      try {
        if (!url) throw invalidUrl(request, problem);
        pool ??= openPool(url, maxConnections);
        const dispatcher = await pool;
        const { signal, deadline, onWait, likelihood, once } = sending;
        const patience = { clock, random, budget, signal, deadline, onWait, likelihood, once };
        return await sendWithRetries(dispatcher, request, endpoint, patience);
      } catch (error) {
        throw error instanceof UnusableProxy ? unusableProxy(request, error.message) : error;
      } finally {
        forgetCall?.();
      }
    },

    async close() {
      const opened = await pool?.catch(() => undefined);
      await opened?.destroy();
      forget();
    },
  };
}
