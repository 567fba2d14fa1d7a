import { z } from "zod";

/*
 * Fields of responses. A verb demands what it can't do without; whatever else is missing, null or of
 * another form counts as not said, since servers have moved, retyped and emptied fields before.
 */

/**
 * A time with its zone (RFC 3339), such as `created_at`. `Date.parse` accepts more: "build 7", and times
 * without a zone, which it takes for this machine's.
 */
export function timestamp() {
  return z.iso.datetime({ offset: true });
}

/** A field that the verbs can do without: undefined where it is absent, null or of another form. */
export function optionalField<Field extends z.ZodType>(field: Field) {
  return field.optional().catch(undefined);
}

/** The same, where null says something: that there is none. */
export function nullableField<Field extends z.ZodType>(field: Field) {
  return field.nullish().catch(undefined);
}

/** A list that the verbs can do without, without the items that can't be read; empty where there is none. */
export function optionalList<Item extends z.ZodType>(item: Item) {
  return z
    .unknown()
    .optional()
    .transform((items) => (Array.isArray(items) ? allReadable(item, items) : []));
}

/** A list that is all a response is for, so that a missing one is an error; without what can't be read. */
export function readableList<Item extends z.ZodType>(item: Item) {
  return z.array(z.unknown()).transform((items) => allReadable(item, items));
}

function allReadable<Item extends z.ZodType>(item: Item, items: unknown[]): z.output<Item>[] {
  return items.flatMap((one) => readable(item, one));
}

function readable<Item extends z.ZodType>(item: Item, one: unknown): z.output<Item>[] {
  const read = item.safeParse(one);
  return read.success ? [read.data] : [];
}

/** A list that is all a response is for, so that a missing one is an error; null is an empty one. */
export function neededList<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullable()
    .transform((items) => items ?? []);
}
