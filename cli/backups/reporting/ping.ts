import type { Dispatcher } from "undici";
import { openPool, UnusableProxy } from "../../../provider/http/pool";
import { isLoopback } from "../../../provider/process/base-url";
import { simulationFolder } from "../../../provider/process/simulation";
import { userAgent } from "../../../provider/process/version";
import type { Log } from "./log";

/** Monitoring services to tell how a run went: they raise an alarm when they hear nothing. */
export interface PingUrls {
  /** Told of a success. */
  success?: URL;
  /** Told of a failure. Default: the path of `success` with `/fail` appended, as Healthchecks.io has it. */
  failure?: URL;
  /**
   * Told of a start. Default: the path of `success` with `/start` appended, unless `failure` is given: the
   * service then has other conventions.
   */
  start?: URL;
}

/** What a service is told. */
export type PingKind = "start" | "success" | "failure";

/** How a ping is sent. */
export interface PingOptions {
  log: Log;
  /** A UUID that ties a start to its end. Default: none is sent. */
  rid?: string;
  /** Aborted when the process has to end: a ping under way is dropped, a later one gets one short try. */
  signal?: AbortSignal;
  /** The pause before the first retry, in milliseconds; it doubles. Default: 1,000. */
  pauseMs?: number;
}

/** How often to retry, and the time for one request and for all of them, in milliseconds. */
const patient = { maxRetries: 2, tryMs: 10_000, totalMs: 35_000 };
const hurried = { maxRetries: 0, tryMs: 3_000, totalMs: 3_000 };

/** As much as such services keep. */
const longestText = 10_000;

const statusCodes = [429, ...Array.from({ length: 100 }, (_, index) => 500 + index)];

/** Failures of the network after which to retry: undici's own list has no timeouts. */
const errorCodes = [
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "ENOTFOUND"],
  ...["EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "UND_ERR_SOCKET"],
  ...["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"],
];

/**
 * Tells a monitoring service how a run went, with `text` as the body; in a simulation, none of another
 * machine. A failure to do so is a warning, never a failure of the run. The URL's path is its secret, so
 * messages contain only the host.
 */
export async function ping(
  urls: PingUrls,
  kind: PingKind,
  text: string,
  { log, rid, signal, pauseMs = 1_000 }: PingOptions,
): Promise<void> {
  const plain = urlOf(urls, kind);
  if (!plain) return;
  const url = new URL(plain);
  if (simulationFolder() !== undefined && !isLoopback(url)) {
    log({ level: "warning", message: `Did not ping ${url.host}: this is a simulation` });
    return;
  }
  if (rid) url.searchParams.set("rid", rid);
  const isHurried = signal?.aborted === true;
  const limits = { ...(isHurried ? hurried : patient), pauseMs };
  const dropped = isHurried ? undefined : signal;
  const trouble = await send(url, text.slice(0, longestText), limits, dropped);
  if (trouble && !dropped?.aborted)
    log({ level: "warning", message: `Could not ping ${url.host}: ${trouble}` });
}

function urlOf({ success, failure, start }: PingUrls, kind: PingKind): URL | undefined {
  switch (kind) {
    case "success":
      return success;
    case "failure":
      return failure ?? (success && below(success, "fail"));
    case "start":
      return start ?? (success && !failure ? below(success, "start") : undefined);
  }
}

/** How patiently a ping is sent. Times are in milliseconds. */
interface Limits {
  maxRetries: number;
  tryMs: number;
  totalMs: number;
  pauseMs: number;
}

/** What went wrong; undefined: nothing. */
async function send(
  url: URL,
  body: string,
  limits: Limits,
  dropped: AbortSignal | undefined,
): Promise<string | undefined> {
  const { maxRetries, tryMs, totalMs, pauseMs } = limits;
  let pool: Dispatcher | undefined;
  try {
    const { interceptors, request } = await import("undici");
    pool = await openPool(url, 1);
    const retry = interceptors.retry({
      methods: ["POST"],
      statusCodes,
      errorCodes,
      maxRetries,
      minTimeout: pauseMs,
      maxTimeout: tryMs,
      // Returns the last response, so that its status can be reported.
      throwOnError: false,
    });
    const response = await request(url, {
      dispatcher: pool.compose(retry),
      method: "POST",
      headers: { "content-type": "text/plain; charset=utf-8", "user-agent": userAgent() },
      body,
      headersTimeout: tryMs,
      bodyTimeout: tryMs,
      signal: AbortSignal.any([AbortSignal.timeout(totalMs), ...(dropped ? [dropped] : [])]),
    });
    await response.body.dump();
    return response.statusCode < 300 ? undefined : `it returned ${response.statusCode}`;
  } catch (error) {
    return reasonOf(error, totalMs);
  } finally {
    await pool?.destroy();
  }
}

/** A network error's message may contain the URL, so only its code is shown. */
function reasonOf(error: unknown, totalMs: number): string {
  if (error instanceof UnusableProxy) return error.message;
  if (!(error instanceof Error)) return "no response";
  if (error.name === "TimeoutError") return `no response within ${totalMs / 1_000} s`;
  if ("code" in error && typeof error.code === "string") return error.code;
  return "no response";
}

/** The URL of a path below another's. */
function below(url: URL, segment: string): URL {
  const longer = new URL(url);
  longer.pathname = `${url.pathname.replace(/\/+$/, "")}/${segment}`;
  return longer;
}
