import type { Dispatcher } from "undici";
import { isLoopback } from "./base-url";

/** Of the answer's head, in bytes. */
const maxHeaderBytes = 32 * 1024;

/** A proxy of the environment cannot be used. Its URL is not quoted: it may hold a password. */
export class UnusableProxy extends Error {
  constructor() {
    super("the proxy that HTTPS_PROXY or HTTP_PROXY names is not a URL");
  }
}

/**
 * A pool of connections. undici takes a third of the time that loading this module would, so it is
 * loaded here, at the first request: a run that changes nothing sends none.
 *
 * HTTP/1.1 only: whether a request has been sent, and the limits on an answer, are exact there.
 *
 * @throws UnusableProxy
 */
export async function openPool(url: URL, connections: number): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const options = { connections, maxHeaderSize: maxHeaderBytes, allowH2: false };
  if (isLoopback(url)) return new Agent(options);
  try {
    return new EnvHttpProxyAgent(options);
  } catch {
    throw new UnusableProxy();
  }
}
