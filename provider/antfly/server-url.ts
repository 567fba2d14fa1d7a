import { z } from "zod";
import { checkBaseUrl } from "../http/base-url";
import type { Constraint } from "../resource/validation";

/** A server's URL without trailing slashes. What is wrong with one is told by {@link serverUrlRule}. */
export function serverUrl() {
  return z.string().overwrite((text) => text.trim().replace(/\/+$/, ""));
}

/** Says why a `url` cannot be a server's. The text is not told: it may hold credentials. */
export const serverUrlRule: Constraint<{ url?: string }> = {
  properties: ["url"],
  check({ url }) {
    const problem = url === undefined ? undefined : checkBaseUrl(url, true).problem;
    return problem && `${problem}; it must be http:// or https:// and the server's root`;
  },
};
