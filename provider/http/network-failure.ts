import { errorCode } from "../process/redact";

/** What a network error means. */
export interface NetworkFailure {
  /** For people: `the connection was refused`. */
  reason: string;
  /** Whether it may be otherwise in a moment. */
  passing: boolean;
  /** An answer came that breaks the protocol. */
  badAnswer?: "too-large" | "protocol";
  /** The client was closed under the request. */
  closed?: boolean;
}

const byCode: Record<string, NetworkFailure> = {
  ECONNREFUSED: { reason: "the connection was refused", passing: true },
  ENOTFOUND: { reason: "there is no host of that name", passing: false },
  EAI_AGAIN: { reason: "the host's name could not be looked up", passing: true },
  EHOSTUNREACH: { reason: "the host cannot be reached", passing: true },
  ENETUNREACH: { reason: "the network cannot be reached", passing: true },
  ECONNRESET: { reason: "the connection was reset", passing: true },
  EPIPE: { reason: "the connection was closed", passing: true },
  ETIMEDOUT: { reason: "the connection timed out", passing: true },
  EPROTO: { reason: "no TLS connection could be made", passing: false },
  UND_ERR_SOCKET: { reason: "the connection was closed", passing: true },
  UND_ERR_CONNECT_TIMEOUT: { reason: "connecting took too long", passing: true },
  UND_ERR_BODY_TIMEOUT: { reason: "the answer stopped coming", passing: true },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { reason: "the answer broke off", passing: true },
  UND_ERR_PRX_CONN: { reason: "the proxy closed the connection", passing: true },
  UND_ERR_PRX_TLS: { reason: "no TLS connection to the proxy could be made", passing: false },
  UND_ERR_HEADERS_OVERFLOW: {
    reason: "with more headers than are accepted",
    passing: false,
    badAnswer: "too-large",
  },
  UND_ERR_DESTROYED: { reason: "the client was closed", passing: false, closed: true },
  UND_ERR_CLOSED: { reason: "the client was closed", passing: false, closed: true },
};

/** Codes that come in families: OpenSSL's and Node.js's for TLS, llhttp's for malformed answers
 * (undici leaves some of these without a code, so the error's name stands in for it). */
const byFamily: [RegExp, NetworkFailure][] = [
  [
    /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/,
    { reason: "the server's certificate is not accepted", passing: false },
  ],
  [/^ERR_(TLS|SSL)/, { reason: "no TLS connection could be made", passing: false }],
  [
    /^HPE_|^HTTPParserError$/,
    { reason: "with something that is not HTTP", passing: false, badAnswer: "protocol" },
  ],
];

/** Classifies an error of the network, of undici or of Node.js. */
export function networkFailure(error: unknown): NetworkFailure {
  const code = errorCode(error) ?? (error instanceof Error ? error.name : "");
  const known = byCode[code] ?? byFamily.find(([family]) => family.test(code))?.[1];
  if (known)
    return { ...known, reason: known.badAnswer ? known.reason : `${known.reason} (${code})` };
  // undici's words for a proxy's refusal and for a header that cannot be sent have no code of their
  // own; neither is mended by repeating.
  const words = error instanceof Error ? error.message : String(error);
  return { reason: words, passing: false };
}
