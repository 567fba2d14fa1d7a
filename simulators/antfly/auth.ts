import type { SimRequest } from "../kit/route.ts";

/** Who sent a request: an admin (`*`/`*`/`admin`), somebody with a login only, or nobody. */
export type Identity = "admin" | "limited" | "nobody" | "malformed";

/** The credentials that a server knows. */
export interface Credentials {
  /** An admin's API key: base64 of `id:secret`. */
  token: string;
  /** The API key of a user without rights. */
  limitedToken: string;
  /** Passwords of admins, for Basic. */
  users: Map<string, string>;
}

/** Base64 with its padding, as both dialects demand. */
const padded = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Reads the Authorization header. Schemes are `Bearer`, `ApiKey` and `Basic`, in this very case. */
export function identify(request: SimRequest, known: Credentials): Identity {
  const sent = request.headers.authorization ?? "";
  const space = sent.indexOf(" ");
  const scheme = space < 0 ? sent : sent.slice(0, space);
  const value = space < 0 ? "" : sent.slice(space + 1);
  if (space < 0 || !["Bearer", "ApiKey", "Basic"].includes(scheme)) return "nobody";
  if (scheme !== "Basic") {
    if (value === known.token) return "admin";
    if (value === known.limitedToken) return "limited";
  }
  if (!padded.test(value)) return "malformed";
  if (scheme !== "Basic") return "nobody";
  const decoded = Buffer.from(value, "base64").toString();
  const colon = decoded.indexOf(":");
  const password = known.users.get(decoded.slice(0, Math.max(colon, 0)));
  return colon >= 0 && password === decoded.slice(colon + 1) ? "admin" : "nobody";
}
