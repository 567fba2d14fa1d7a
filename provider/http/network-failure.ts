import { errorCode } from "../process/redact";

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

/** Classifies an error of the network, of undici or of Node.js. */
export function networkFailure(error: unknown): NetworkFailure {
  const code = errorCode(error) ?? (error instanceof Error ? error.name : "");
  const known = byCode[code] ?? byFamily.find(([family]) => family.test(code))?.[1];
  if (known)
    return { ...known, reason: known.badAnswer ? known.reason : `${known.reason} (${code})` };
  // undici's errors for a proxy's refusal and for a header that cannot be sent have no code of their
  // own; a retry helps with neither.
  const words = error instanceof Error ? error.message : String(error);
  return { reason: words, passing: false };
}
