import type { Dispatcher } from "undici";
import { openPool, UnusableProxy } from "../../../provider/http/pool";
import { userAgent } from "../../../provider/process/version";
import type { Log } from "./log";

/** Monitoring services to tell how a run went: they raise an alarm when they hear nothing. */
export interface PingUrls {
  /** Told of a success. */
  success?: URL;
  /** Told of a failure. Default: the path of `success` with `/fail` appended, as Healthchecks.io has it. */
  failure?: URL;
}

/** How a ping is sent. */
export interface PingOptions {
  log: Log;
  /** The pause before the first retry, in milliseconds; it doubles. Default: 1,000. */
  pauseMs?: number;
}

const maxRetries = 2;

/** For one request, and for all of them, in milliseconds. */
const tryMs = 10_000;
const totalMs = 35_000;

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
 * Tells a monitoring service how a run went, with `text` as the body. A failure to do so is a warning,
 * never a failure of the run. The URL's path is its secret, so messages contain only the host.
 */
export async function ping(
  urls: PingUrls,
  isWell: boolean,
  text: string,
  { log, pauseMs = 1_000 }: PingOptions,
): Promise<void> {
  const url = isWell ? urls.success : (urls.failure ?? (urls.success && withFail(urls.success)));
  if (!url) return;
  const trouble = await send(url, text.slice(0, longestText), pauseMs);
  if (trouble) log({ level: "warning", message: `Could not ping ${url.host}: ${trouble}` });
}

/** What went wrong; undefined: nothing. */
async function send(url: URL, body: string, pauseMs: number): Promise<string | undefined> {
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
      signal: AbortSignal.timeout(totalMs),
    });
    await response.body.dump();
    return response.statusCode < 300 ? undefined : `it returned ${response.statusCode}`;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await pool?.destroy();
  }
}

/** A network error's message may contain the URL, so only its code is shown. */
function reasonOf(error: unknown): string {
  if (error instanceof UnusableProxy) return error.message;
  if (!(error instanceof Error)) return "no response";
  if (error.name === "TimeoutError") return `no response within ${totalMs / 1_000} s`;
  if ("code" in error && typeof error.code === "string") return error.code;
  return "no response";
}

function withFail(url: URL): URL {
  const failing = new URL(url);
  failing.pathname = `${url.pathname.replace(/\/+$/, "")}/fail`;
  return failing;
}
