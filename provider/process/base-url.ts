/** What is wrong with a base URL. */
export type UrlFlaw = "unreadable" | "scheme" | "credentials" | "query" | "plain";

/** A base URL that may be used, or why it may not. */
export type CheckedUrl =
  | { url: URL; problem?: undefined; flaw?: undefined }
  | { url?: undefined; problem: string; flaw: UrlFlaw };

/**
 * Checks the base URL of an API. Plain HTTP is for loopback only, since every request carries a
 * credential; `allowHttp` allows it for servers inside a private network too.
 */
export function checkBaseUrl(text: string, allowHttp: boolean): CheckedUrl {
  const url = URL.parse(text);
  // The text is not quoted before it is known to contain no credentials.
  if (!url) return flawed("unreadable", "the configured URL is not a valid URL");
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return flawed("scheme", `the configured URL begins with ${url.protocol} instead of https:`);
  }
  if (url.username || url.password) {
    return flawed("credentials", `the configured URL of ${url.host} contains credentials`);
  }
  if (url.search || url.hash) {
    return flawed("query", `the configured URL of ${url.host} contains a query or a fragment`);
  }
  if (url.protocol === "http:" && !allowHttp && !isLoopback(url)) {
    return flawed(
      "plain",
      `${url.origin} is plain HTTP, which would expose the credential on the network`,
    );
  }
  return { url };
}

function flawed(flaw: UrlFlaw, problem: string): CheckedUrl {
  return { flaw, problem };
}

/** Whether a URL's host is this machine: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback({ hostname }: Pick<URL, "hostname">): boolean {
  return /^(localhost\.?|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
