import { z } from "zod";
import { endpoint, timestamp } from "../http/endpoint";
import { path } from "../http/path";

/** A number that responses give as a number (`worker_count`) or as a string (disk sizes). */
const looseInteger = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

const listed = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  created_at: timestamp(),
});

const details = listed.extend({
  // Open: steady, creating, converging, ready, archiving and archived are documented.
  state: z.string(),
  tune_attributes: z.object({
    is_mx: z.boolean().optional(),
    is_zfs: z.boolean().optional(),
    coordinator_tune: z.string(),
    coordinator_disk_size: looseInteger,
    coordinator_ha: z.boolean().default(false),
    worker_tune: z.string(),
    worker_count: looseInteger,
    worker_disk_size: looseInteger,
    worker_ha: z.boolean().default(false),
  }),
  // The API page does not say that it may be absent, but a formation has no database before it runs.
  database_url: z.string().nullish(),
});

/** A formation as the list shows it: no state, no tune. */
export type ListedFormation = z.output<typeof listed>;
/** A formation as its own response shows it. */
export type FormationDetails = z.output<typeof details>;

/** The body of a create request. The API page's example has counts and disk sizes as strings. */
export interface NewFormation {
  name: string;
  region: string;
  tune_attributes: Record<string, string | boolean>;
}

// The collection has a trailing slash, the item has none: the other form is a 404.
export const createFormation = endpoint({
  operation: "create formation",
  method: "POST",
  path: (_: NewFormation) => path`/formations/`,
  body: (formation) => formation,
  answer: z.object({ id: z.string() }),
});

export const listFormations = endpoint({
  operation: "list formations",
  method: "GET",
  path: () => path`/formations/`,
  answer: z.object({ formations: z.array(listed) }),
});

export const readFormation = endpoint({
  operation: "read formation",
  method: "GET",
  path: ({ id }: { id: string }) => path`/formations/${id}`,
  answer: details,
});

export const destroyFormation = endpoint({
  operation: "destroy formation",
  method: "DELETE",
  path: ({ id }: { id: string }) => path`/formations/${id}`,
  // The API page shows only `true`. With anything else there is no destruction to wait for.
  answer: z.object({ success: z.literal(true) }),
});
