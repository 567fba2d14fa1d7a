import { z } from "zod";
import type { SimCluster } from "./cluster.ts";

/** Where the next page starts: after this value of the ordering field and this ID. */
const cursorShape = z.tuple([z.string(), z.string()]);

const queryShape = z.object({
  limit: z.coerce.number().int().min(1).max(200).optional(),
  order: z.enum(["asc", "desc"]).default("asc"),
  order_field: z.enum(["id", "name"]).default("id"),
  cursor: z
    .string()
    .transform((text) => JSON.parse(Buffer.from(text, "base64url").toString()))
    .pipe(cursorShape)
    .optional(),
});

/** One page of a list, or why the query is refused. */
export type Page =
  | { clusters: SimCluster[]; has_more: boolean; next_cursor: string | null }
  | { message: string };

/** Orders clusters and cuts the page that the query asks, of `pageSize` at most. */
export function page(clusters: SimCluster[], query: URLSearchParams, pageSize: number): Page {
  const parsed = parseQuery(query);
  if (parsed === undefined) return { message: "limit, order, order_field or cursor is invalid" };
  const { limit, order, order_field: field, cursor } = parsed;
  const keyOf = (cluster: SimCluster): [string, string] => [cluster[field], cluster.id];
  const direction = order === "asc" ? 1 : -1;
  const sorted = clusters
    .filter((cluster) => cursor === undefined || direction * compare(keyOf(cluster), cursor) > 0)
    .sort((a, b) => direction * compare(keyOf(a), keyOf(b)));
  const shown = sorted.slice(0, Math.min(limit ?? pageSize, pageSize));
  const last = shown.at(-1);
  const has_more = sorted.length > shown.length;
  const next_cursor =
    has_more && last ? Buffer.from(JSON.stringify(keyOf(last))).toString("base64url") : null;
  return { clusters: shown, has_more, next_cursor };
}

function parseQuery(query: URLSearchParams): z.infer<typeof queryShape> | undefined {
  try {
    return queryShape.parse(Object.fromEntries(query));
  } catch {
    return undefined;
  }
}

function compare(a: [string, string], b: [string, string]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] === b[1]) return 0;
  return a[1] < b[1] ? -1 : 1;
}
