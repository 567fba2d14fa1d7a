import { setTimeout as sleep } from "node:timers/promises";

/** What a platform responded. */
export interface Answer {
  body: unknown;
  headers: Headers;
}

/** A request that the platform refuses, and would refuse again. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A request that may have taken effect: there was no response, or the server failed over it. */
export class Unsure extends Error {}

const tries = 5;
/** In seconds: a rate limit that asks for more gets this. */
const longestWait = 300;

/**
 * Sends a request, and again while the platform is out of order or out of patience.
 *
 * @throws Refused when the response is final, and Unsure when a POST may have taken effect: to send it again
 *   could do it twice
 */
export async function send(
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
  url: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Answer> {
  // In milliseconds: before the first retry. Each further one waits twice as long.
  const firstPause = Number(process.env.API_PAUSE_MS ?? 1_000);
  for (let attempt = 1; ; attempt++) {
    const { answer, failure, wait } = await sendOnce(method, url, headers, body);
    if (answer) return answer;
    const last = attempt === tries;
    if (last || failure instanceof Refused) throw failure;
    if (wait === undefined && method === "POST") throw failure;
    const pause = firstPause * 2 ** (attempt - 1);
    await sleep(Math.max(pause, Math.min(wait ?? 0, longestWait) * 1_000));
  }
}

interface Outcome {
  answer?: Answer;
  failure?: Error;
  /** The rate limit's, in seconds: the request did nothing, and may be sent again then. */
  wait?: number;
}

async function sendOnce(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Outcome> {
  const what = `${method} ${new URL(url).pathname}`;
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
      // A credential goes where it was meant to, and nowhere else.
      redirect: "error",
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (response.ok) return { answer: { body: bodyOf(text), headers: response.headers } };
    const message = `${what}: ${response.status} ${excerptOf(text)}`;
    const wait = waitOf(response, text);
    if (wait !== undefined) return { failure: new Error(message), wait };
    if (response.status >= 500) return { failure: new Unsure(message) };
    return { failure: new Refused(response.status, message) };
  } catch (error) {
    const { message, cause } = error instanceof Error ? error : new Error(String(error));
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    return { failure: new Unsure(`${what}: ${reason}`) };
  }
}

function bodyOf(text: string): unknown {
  return text === "" ? undefined : JSON.parse(text);
}

/** The server's own words, of a web page not more than its beginning. */
function excerptOf(text: string): string {
  const message = /"message"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? text;
  return message.replaceAll(/\s+/g, " ").slice(0, 300);
}

/** How long a rate limit asks to wait, in seconds; undefined: it is not that. */
function waitOf({ status, headers }: Response, text: string): number | undefined {
  const after = Number(headers.get("retry-after") ?? Number.NaN);
  const isSpent = headers.get("x-ratelimit-remaining") === "0";
  if (status !== 429 && !(status === 403 && (isSpent || after >= 0 || /rate limit/i.test(text)))) {
    return undefined;
  }
  if (after >= 0) return after;
  const reset = Number(headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset") ?? 0);
  return reset > 0 ? Math.max(0, reset - Date.now() / 1_000) : 60;
}
