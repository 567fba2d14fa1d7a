import { z } from "zod";

/** A field that no verb depends on: undefined where it is missing, null, or of another type. */
export function unneeded<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}

/** A text that no verb depends on. */
export const text = unneeded(z.string());

/** A list that no verb depends on, without the items that can't be read; empty where there is none. */
export function unneededList<Schema extends z.ZodType>(item: Schema) {
  return z
    .unknown()
    .optional()
    .transform((items): z.output<Schema>[] =>
      Array.isArray(items)
        ? items.flatMap((one) => {
            const read = item.safeParse(one);
            return read.success ? [read.data] : [];
          })
        : [],
    );
}

/** A list that is all a response is for, so that a missing one is an error. v0.1 sends null for none. */
export function neededList<Schema extends z.ZodType>(item: Schema) {
  return z
    .array(item)
    .nullable()
    .transform((items) => items ?? []);
}
