import { errorCode } from "../process/redact";
import { proxyOf } from "./pool";

/** What a network error means. */
export interface NetworkFailure {
  /** For messages: `the connection was refused`; with `badAnswer`, what the server returned. */
  reason: string;
  /** Whether another try may succeed in a moment. */
  passing: boolean;
  /** The server sent a response that breaks the protocol. */
  badAnswer?: "too-large" | "protocol";
  /** The client was closed during the request. */
  closed?: boolean;
  /** The environment's proxy is at fault: its host and port. */
  proxy?: string;
  /** Whether the reason is not in our own words, and may contain anything. */
  isForeign?: boolean;
}

const byCode: Record<string, NetworkFailure> = {
  ECONNREFUSED: { reason: "the connection was refused", passing: true },
  ENOTFOUND: { reason: "the host was not found", passing: false },
  EAI_AGAIN: { reason: "the host name could not be resolved", passing: true },
  EHOSTUNREACH: { reason: "the host is unreachable", passing: true },
  ENETUNREACH: { reason: "the network is unreachable", passing: true },
  ECONNRESET: { reason: "the connection was reset", passing: true },
  EPIPE: { reason: "the connection was closed", passing: true },
  ETIMEDOUT: { reason: "the connection timed out", passing: true },
  EPROTO: { reason: "the TLS connection failed", passing: false },
  UND_ERR_SOCKET: { reason: "the connection was closed", passing: true },
  UND_ERR_CONNECT_TIMEOUT: { reason: "connecting took too long", passing: true },
  UND_ERR_BODY_TIMEOUT: { reason: "the response stalled", passing: true },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { reason: "the response was cut off", passing: true },
  UND_ERR_PRX_CONN: { reason: "the proxy closed the connection", passing: true },
  // Requests have no such limit: it is a proxy that does not connect.
  UND_ERR_HEADERS_TIMEOUT: { reason: "connecting to the server took too long", passing: true },
  UND_ERR_PRX_TLS: { reason: "the TLS connection to the proxy failed", passing: false },
  UND_ERR_HEADERS_OVERFLOW: {
    reason: "headers that are too large",
    passing: false,
    badAnswer: "too-large",
  },
  UND_ERR_DESTROYED: { reason: "the client was closed", passing: false, closed: true },
  UND_ERR_CLOSED: { reason: "the client was closed", passing: false, closed: true },
};

/**
 * Codes that come in families: OpenSSL's and Node.js's for TLS, llhttp's for malformed responses.
 * undici leaves some of these without a code, so the error's name is used instead.
 */
const byFamily: [RegExp, NetworkFailure][] = [
  [
    /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/,
    { reason: "the server's certificate was rejected", passing: false },
  ],
  [/^ERR_(TLS|SSL)/, { reason: "the TLS connection failed", passing: false }],
  [
    /^HPE_|^HTTPParserError$/,
    { reason: "something that is not HTTP", passing: false, badAnswer: "protocol" },
  ],
];

/**
 * Classifies an error of the network, of undici or of Node.js.
 *
 * @param origin of the request, for which the environment may have a proxy
 */
export function networkFailure(error: unknown, origin: string): NetworkFailure {
  const code = errorCode(error) ?? (error instanceof Error ? error.name : "");
  const known = byCode[code] ?? byFamily.find(([family]) => family.test(code))?.[1];
  const words = error instanceof Error ? error.message : String(error);
  const proxy = proxyHost(error) ?? (isOfProxy(code, words) ? environmentProxy(origin) : undefined);
  // undici's errors for a proxy's refusal and for a header that cannot be sent have no code of their
  // own; a retry helps with neither.
  const failure = known ?? { reason: words, passing: false, isForeign: true };
  if (proxy !== undefined) return { ...failure, proxy, ...proxyWords(proxy, failure, code, words) };
  const isCoded = known && !known.badAnswer;
  return isCoded ? { ...failure, reason: `${failure.reason} (${code})` } : failure;
}

/** How a proxy failed, in our own words: the status of its refusal, or why there is no connection to it. */
function proxyWords(proxy: string, { reason }: NetworkFailure, code: string, words: string) {
  const status = /\((\d{3})\)/.exec(words)?.[1];
  const told = /^UND_ERR_PRX/.test(code)
    ? `it failed (${code})`
    : status
      ? `it refused the connection to the server with status ${status}`
      : `${reason} (${code})`;
  return { reason: `proxy ${proxy}: ${told}`, isForeign: false };
}

/** Whether an error is one of undici's about a proxy. */
function isOfProxy(code: string, words: string): boolean {
  if (code === "UND_ERR_HEADERS_TIMEOUT") return true;
  return code.startsWith("UND_ERR_PRX") || /^Proxy (response|Authentication)/.test(words);
}

function environmentProxy(origin: string): string | undefined {
  return proxyOf(URL.parse(origin)?.protocol ?? "")?.host;
}

/** The proxy that could not be reached, as the pool notes it. */
function proxyHost(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("proxy" in error && typeof error.proxy === "string") return error.proxy;
  return proxyHost(error.cause);
}
