import type { Dispatcher } from "undici";
import { openPool } from "../../../provider/http/pool";
import type { Clock } from "../../../provider/process/clock";
import { userAgent } from "../../../provider/process/version";
import type { Log } from "./log";

/** Whom to tell how a run went: services that raise an alarm when they hear nothing. */
export interface PingUrls {
  /** Told that all is well. */
  success?: URL;
  /** Told what is wrong. Default: the other's path with `/fail` behind it, as Healthchecks.io has it. */
  failure?: URL;
}

const mostTries = 3;
const pauseMs = 1_000;
const timeoutMs = 10_000;

/** As much as such services keep. */
const longestText = 10_000;

/**
 * Tells how a run went, with what to say about it as the body. That nobody hears it is a warning, not
 * a failure of the run. The URL's path is its secret, so no message has it.
 */
export async function ping(
  urls: PingUrls,
  isWell: boolean,
  text: string,
  { log, clock }: { log: Log; clock: Clock },
): Promise<void> {
  const url = isWell ? urls.success : (urls.failure ?? (urls.success && withFail(urls.success)));
  if (!url) return;
  let trouble = "";
  const pool = await openPool(url, 1);
  try {
    for (let tries = 1; tries <= mostTries; tries += 1) {
      trouble = await send(pool, url, text.slice(0, longestText));
      if (trouble === "") return;
      if (tries < mostTries) await clock.sleep(pauseMs * tries);
    }
  } finally {
    await pool.destroy();
  }
  log({ level: "warning", message: `${url.host} could not be told how this went: ${trouble}` });
}

/** What went wrong; empty: nothing. */
async function send(pool: Dispatcher, url: URL, body: string): Promise<string> {
  const { request } = await import("undici");
  try {
    const answer = await request(url, {
      dispatcher: pool,
      method: "POST",
      headers: { "content-type": "text/plain; charset=utf-8", "user-agent": userAgent() },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body.dump();
    return answer.statusCode < 300 ? "" : `it answered ${answer.statusCode}`;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "there was no answer";
  }
}

function withFail(url: URL): URL {
  const failing = new URL(url);
  failing.pathname = `${url.pathname.replace(/\/+$/, "")}/fail`;
  return failing;
}
