import type { Redactor } from "./redact";
import { isSimulated, simulationFolder, simulationVariable } from "./simulation";

/** What is wrong with a base URL. */
export type UrlFlaw = "unreadable" | "scheme" | "credentials" | "query" | "plain" | "real";

/** A base URL that may be used, or why it may not. */
export type CheckedUrl =
  | { url: URL; problem?: undefined; flaw?: undefined }
  | { url?: undefined; problem: string; flaw: UrlFlaw };

/**
 * Checks the base URL of an API. Plain HTTP is for loopback only, since every request carries a
 * credential; `allowHttp` allows it for servers inside a private network too.
 *
 * @param redact masks secrets in what a problem quotes. Default: nothing is masked
 */
export function checkBaseUrl(
  text: string,
  allowHttp: boolean,
  redact: Redactor = (quoted) => quoted,
): CheckedUrl {
  const url = URL.parse(text);
  const flawed = (flaw: UrlFlaw, what: string, quoted?: string) => ({
    flaw,
    problem: `the configured URL ${quoted === undefined ? "" : `${redact(quoted)} `}${what}`,
  });
  if (isHost(text)) {
    const scheme = URL.parse(`http://${text}`);
    const meant = scheme && isLoopback(scheme) ? "http" : "https";
    const guess = `has no scheme (did you mean ${meant}://${redact(text)}?)`;
    return flawed("unreadable", guess, `"${text}"`);
  }
  // The text is not quoted before it is known to contain no credentials.
  if (!url) return flawed("unreadable", "is not a valid URL");
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return flawed("scheme", `begins with ${redact(url.protocol)} instead of https:`);
  }
  if (url.username || url.password) {
    return flawed("credentials", "contains credentials", `of ${url.host}`);
  }
  if (url.search || url.hash) {
    return flawed("query", "contains a query or a fragment", `of ${url.host}`);
  }
  if (url.protocol === "http:" && !allowHttp && !isLoopback(url)) {
    const risk = "over which anyone on the network could read the credential";
    return { flaw: "plain", problem: `${redact(url.origin)} is plain HTTP, ${risk}` };
  }
  if (simulationFolder() !== undefined && !isSimulated(url)) {
    const what = `is not simulated, and this is a simulation (${simulationVariable} is set)`;
    return { flaw: "real", problem: `${redact(url.origin)} ${what}` };
  }
  return { url };
}

/**
 * Whether a text is a host, perhaps with a port and a path, that only lacks its scheme. A label of a host
 * has up to 63 characters, and the last one begins with a letter: a token has longer parts, or none.
 */
function isHost(text: string): boolean {
  return /^(localhost|([\w-]{1,63}\.)+[a-z][\w-]{0,23}|\d{1,3}(\.\d{1,3}){3})(:\d{1,5})?(\/[\w./-]*)?$/i.test(
    text,
  );
}

/** Whether a URL's host is this machine: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback({ hostname }: Pick<URL, "hostname">): boolean {
  return /^(localhost\.?|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
