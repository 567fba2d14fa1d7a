import type { buildConnector, Dispatcher, Pool } from "undici";
import { isLoopback } from "../process/base-url";

/** The longest head of a response. */
const maxHeaderBytes = 32 * 1024;

/**
 * How long a proxy may take to connect to a server, in milliseconds: as long as connecting without one may.
 * undici would wait for five minutes, and keep the process alive for as long.
 */
const tunnelMs = 10_000;

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
  const { Agent, EnvHttpProxyAgent, Pool } = await import("undici");
  const options = { connections, maxHeaderSize: maxHeaderBytes, allowH2: false };
  if (isLoopback(url)) return new Agent(options);
  const proxies = new Set([proxyOf("http:")?.href, proxyOf("https:")?.href]);
  const factory = (origin: string | URL, given: Pool.Options) => {
    const { connect } = given;
    const target = new URL(origin);
    const isProxy = proxies.has(target.href) && typeof connect === "function";
    // Requests bring their own limit, so that this one is for the tunnel alone.
    const ofProxy = isProxy && {
      connect: namingProxy(connect, target.host),
      headersTimeout: tunnelMs,
    };
    return new Pool(origin, { ...given, ...ofProxy });
  };
  try {
    // An option of the proxies' agents that the types of this one leave out.
    const ofProxies = { clientFactory: factory };
    return new EnvHttpProxyAgent({ ...options, ...ofProxies, factory });
  } catch {
    throw new UnusableProxy();
  }
}

/** Connects, and notes in an error that it is a proxy that could not be reached. */
function namingProxy(connect: buildConnector.connector, host: string): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error) callback(Object.assign(error, { proxy: host }), null);
      else callback(null, socket);
    });
}

/** The environment's proxy for a protocol, as undici chooses it; undefined: there is none, or it is not a URL. */
export function proxyOf(protocol: string): URL | undefined {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY } = process.env;
  const http = (http_proxy ?? HTTP_PROXY) || undefined;
  const https = (https_proxy ?? HTTPS_PROXY) || http;
  return URL.parse((protocol === "https:" ? https : http) ?? "") ?? undefined;
}
