import { z } from "zod";
import type { HttpClient, SendOptions } from "../http/client";
import { endpoint } from "../http/endpoint";
import { Forbidden, NotFound, Unauthorized } from "../http/errors";
import { path } from "../http/path";

/**
 * The API's dialects: the published page's, under `/api/v1`, and that of the 0.2 releases, under
 * `/db/v1`.
 */
export type Dialect = "v0.1" | "0.2";

/** What the parameters of every endpoint of the API have. */
export interface Addressed {
  dialect: Dialect;
}

/** The first segment of a dialect's paths. */
const firstSegments = { "v0.1": "api", "0.2": "db" } as const;

/** The first segment of a path in a dialect: `/api/v1/…` or `/db/v1/…`. */
export function firstSegment({ dialect }: Addressed): string {
  return firstSegments[dialect];
}

/** A server's root, without the base path of a dialect, and the dialect that such a path names. */
export function splitUrl(url: string): { root: string; dialect?: Dialect } {
  const trimmed = url.trim().replace(/\/+$/, "");
  for (const dialect of ["v0.1", "0.2"] as const) {
    const base = `/${firstSegments[dialect]}/v1`;
    if (trimmed.endsWith(base)) return { root: trimmed.slice(0, -base.length), dialect };
  }
  return { root: trimmed };
}

/**
 * Only v0.1 has this path. A 0.2 server answers every GET under `/api/v1` with a 404 in text, even
 * without credentials; a v0.1 server that rejects the credential answers 401 or 403 in JSON.
 */
const probe = endpoint({
  operation: "detect the version of the API",
  method: "GET",
  path: () => path`/api/v1/status`,
  answer: z.object({ health: z.string() }),
});

/**
 * Detects the dialect of a server with one request.
 *
 * @throws HttpError where no Antfly server answers
 */
export async function detectDialect(client: HttpClient, options: SendOptions): Promise<Dialect> {
  try {
    await client.send(probe, {}, options);
    return "v0.1";
  } catch (error) {
    if (error instanceof NotFound && error.fromApi) return "0.2";
    const refused = error instanceof Unauthorized || error instanceof Forbidden;
    if (refused && error.bodyKind === "json") return "v0.1";
    throw error;
  }
}
