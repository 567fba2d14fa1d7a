import { z } from "zod";
import type { HttpClient, SendOptions } from "../http/client";
import { endpoint } from "../http/endpoint";
import { Forbidden, NotFound, Unauthorized } from "../http/errors";
import { path } from "../http/path";

/**
 * Which of the API's dialects a server speaks: the published page's, under `/api/v1`, or the one of
 * the 0.2 releases, under `/db/v1`.
 */
export type Dialect = "v0.1" | "0.2";

/** What the parameters of every endpoint of the API say. */
export interface Addressed {
  dialect: Dialect;
}

/** The first segment of a dialect's paths. */
const firstSegments = { "v0.1": "api", "0.2": "db" } as const;

/** The first segment of the paths of the dialect that is asked for: `/api/v1/…` or `/db/v1/…`. */
export function firstSegment({ dialect }: Addressed): string {
  return firstSegments[dialect];
}

/** A server's URL without the base path of a dialect, and the dialect that such a path tells. */
export function splitUrl(url: string): { root: string; dialect?: Dialect } {
  const trimmed = url.trim().replace(/\/+$/, "");
  for (const dialect of ["v0.1", "0.2"] as const) {
    const base = `/${firstSegments[dialect]}/v1`;
    if (trimmed.endsWith(base)) return { root: trimmed.slice(0, -base.length), dialect };
  }
  return { root: trimmed };
}

/**
 * Only v0.1 has anything there. A 0.2 server answers every GET under `/api/v1` with a 404 in text,
 * even without credentials; a v0.1 server that wants others answers 401 or 403 in JSON.
 */
const probe = endpoint({
  operation: "find out which version of the API answers",
  method: "GET",
  path: () => path`/api/v1/status`,
  answer: z.object({ health: z.string() }),
});

/**
 * Asks a server which dialect it speaks, with one request.
 *
 * @throws HttpError where what answers is no Antfly server, or none that is up
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
