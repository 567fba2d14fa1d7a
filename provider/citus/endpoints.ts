import { z } from "zod";
import { endpoint } from "../http/endpoint";
import { optionalField, timestamp } from "../http/fields";
import { path } from "../http/path";

/** A number that responses give as a number (`worker_count`) or as a string (disk sizes). */
const looseInteger = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

/** Whether nodes have a standby; clients leave it out where they have none, and so may the server. */
const ha = () =>
  z
    .boolean()
    .default(false)
    .nullable()
    .catch(null)
    .transform((isHa) => isHa ?? undefined);

// Only `id` is needed to find a formation; what else is missing in a response counts as not said.
const listed = z.object({
  id: z.string(),
  name: optionalField(z.string()),
  region: optionalField(z.string()),
  created_at: optionalField(timestamp()),
});

const details = listed.extend({
  // Open: steady, creating, converging, ready, archiving and archived are documented.
  state: optionalField(z.string()),
  tune_attributes: optionalField(
    z.object({
      is_mx: optionalField(z.boolean()),
      is_zfs: optionalField(z.boolean()),
      coordinator_tune: optionalField(z.string()),
      coordinator_disk_size: optionalField(looseInteger),
      coordinator_ha: ha(),
      worker_tune: optionalField(z.string()),
      worker_count: optionalField(looseInteger),
      worker_disk_size: optionalField(looseInteger),
      worker_ha: ha(),
    }),
  ),
  // The API page does not say that it may be absent, but a formation has no database before it runs.
  database_url: optionalField(z.string()),
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
  // The page shows `{"success": true}`. Whether it is destroyed is then seen by reading it.
  answer: "text",
});
