import { z } from "zod";
import { checkBaseUrl } from "../process/base-url";
import type { Constraint } from "../resource/validation";

/** What pages and SDKs say of a `url`. */
export const serverUrlDescription =
  "The server's root, if it is not the configured `antflyUrl`; the configured API key is sent to it.";

/** A server's URL, without trailing slashes. {@link serverUrlRule} says what is wrong with one. */
export function serverUrl() {
  return z.string().overwrite((text) => text.trim().replace(/\/+$/, ""));
}

/** Rejects a `url` that cannot be a server's, without showing it: it may contain credentials. */
export const serverUrlRule: Constraint<{ url?: string }> = {
  properties: ["url"],
  check({ url }) {
    const { problem, flaw } = url === undefined ? {} : checkBaseUrl(url, true);
    if (problem === undefined || flaw === "real") return problem;
    return `${problem}; it must be the server's root, with http:// or https://`;
  },
};
