import { z } from "zod";

declare module "zod" {
  /** Facts about a property that types, validation, schema and reference read off its schema. */
  interface GlobalMeta {
    /** Held as a secret in the state, and never shown. */
    secret?: boolean;
    /** The server never returns it: it can't be read, imported or seen to drift. */
    writeOnly?: boolean;
    /**
     * Outputs only: the inputs whose change may change it in place. An output without it stays as it
     * is as long as the resource lives, so that a preview of an update knows it.
     */
    changesWith?: readonly string[];
    /**
     * Inputs only: the values that are known of an open list, of which the server may have more. Another
     * one is let through with a warning.
     */
    known?: readonly string[];
    /** Configuration only: an empty value is one of its own, and not taken for a missing one. */
    emptyHasMeaning?: boolean;
  }
}

/** A whole number; a string of digits, as configuration has it, is accepted and becomes a number. */
export function integer(limits: { min?: number; max?: number } = {}) {
  let number = z.int();
  if (limits.min !== undefined) number = number.min(limits.min);
  if (limits.max !== undefined) number = number.max(limits.max);
  return z.preprocess(numeric, number);
}

/** One of a few whole numbers, for instance disk sizes in GB; accepted as strings too. */
export function oneOf<const N extends readonly number[]>(numbers: N) {
  return z.preprocess(numeric, z.literal(numbers));
}

/** True or false; the strings "true" and "false", as configuration has them, are accepted. */
export function flag() {
  return z.preprocess(
    (value) => (value === "true" ? true : value === "false" ? false : value),
    z.boolean(),
  );
}

/**
 * Whether the value at a path of a property is a secret, lies within one, or holds one.
 *
 * @param path from the property on: `["env", "PORT"]`
 */
export function holdsSecret(property: z.ZodType, path: readonly PropertyKey[] = []): boolean {
  let at: Described = z.toJSONSchema(property, { unrepresentable: "any", io: "input" });
  for (const step of path) {
    if (typeof at === "boolean") return false;
    if (at.secret === true) return true;
    at = below(at, step);
  }
  return JSON.stringify(at).includes('"secret":true');
}

const secretNames = new WeakMap<z.ZodObject, ReadonlySet<string>>();

/** The names of the properties that hold a secret. */
export function secretProperties(schema: z.ZodObject): ReadonlySet<string> {
  const known = secretNames.get(schema);
  if (known) return known;
  const names = Object.entries(schema.shape)
    .filter(([, property]) => holdsSecret(property as z.ZodType))
    .map(([name]) => name);
  const found = new Set(names);
  secretNames.set(schema, found);
  return found;
}

type Described = z.core.JSONSchema._JSONSchema;

function below(schema: Exclude<Described, boolean>, step: PropertyKey): Described {
  const { properties, additionalProperties, items } = schema;
  return (
    properties?.[String(step)] ??
    additionalProperties ??
    (Array.isArray(items) ? items[0] : items) ??
    false
  );
}

function numeric(value: unknown): unknown {
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
}
