import type { Dispatcher } from "undici";
import { isLoopback } from "./base-url";

/** Of the answer's head, in bytes. */
const MAX_HEADER_BYTES = 32 * 1024;

/**
 * A pool of connections. undici takes a third of the provider's start-up time and is loaded here, at
 * the first request: a run that changes nothing sends none.
 *
 * HTTP/1.1 only: whether a request has been sent, and the limits on an answer, are exact there.
 *
 * @throws TypeError when a proxy of the environment is not a URL.
 */
export async function openPool(url: URL, connections: number): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const options = { connections, maxHeaderSize: MAX_HEADER_BYTES, allowH2: false };
  return isLoopback(url) ? new Agent(options) : new EnvHttpProxyAgent(options);
}
