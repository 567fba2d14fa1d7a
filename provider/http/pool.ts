import type { Dispatcher } from "undici";
import { isLoopback } from "../process/base-url";

/** The longest head of a response. */
const maxHeaderBytes = 32 * 1024;

/** The environment's proxy cannot be used. Its URL is not quoted, since it may contain a password. */
export class UnusableProxy extends Error {
  constructor() {
    super("HTTPS_PROXY or HTTP_PROXY is not a valid URL");
  }
}

/**
 * Opens a pool of connections. undici takes a third of the time that loading this module would, so it
 * is loaded here, at the first request: a run that changes nothing sends none.
 *
 * HTTP/1.1 only: there it is exact whether a request has been sent, and the limits on a response are.
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
