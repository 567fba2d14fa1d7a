/** A base URL that may be used, or what is wrong with it. */
export type CheckedUrl = { url: URL; problem?: undefined } | { url?: undefined; problem: string };

/**
 * Checks the URL that all paths of an API hang from. Plain http is for loopback only, since every
 * request carries a credential; `allowHttp` lifts that for servers inside a private network.
 */
export function checkBaseUrl(text: string, allowHttp: boolean): CheckedUrl {
  const url = URL.parse(text);
  // The text itself is not quoted before it is known to hold no credentials.
  if (!url) return { problem: "the configured URL is not a URL" };
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return { problem: `the configured URL is ${url.protocol} and not https:` };
  }
  if (url.username || url.password) {
    return { problem: `the configured URL of ${url.host} has credentials in it` };
  }
  if (url.search || url.hash) {
    return { problem: `the configured URL of ${url.host} has a query or fragment` };
  }
  if (url.protocol === "http:" && !allowHttp && !isLoopback(url)) {
    return {
      problem: `${url.origin} is plain http, which would show the credential to the network`,
    };
  }
  return { url };
}

/** Whether a URL's host is this machine: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost\.?|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
