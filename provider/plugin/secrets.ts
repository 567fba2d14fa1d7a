import type { z } from "zod";
import { propertiesOf, type Schema, schemaOf } from "../schema/json-schema";

/**
 * Where secrets lie in a value: `true` is the value itself; a map leads on by key, where `*` is every
 * key or item.
 */
export type Secrets = true | ReadonlyMap<string, Secrets>;

/** No secrets. */
export const none: Secrets = new Map();

const known = new WeakMap<z.ZodObject, Secrets>();

/** Where the values of a schema hold secrets. */
export function secretsOf(schema: z.ZodObject): Secrets {
  const found = known.get(schema) ?? secretsIn(schemaOf(schema));
  known.set(schema, found);
  return found;
}

/** The secrets of all of them. */
export function union(...all: readonly Secrets[]): Secrets {
  const merged = new Map<string, Secrets>();
  for (const secrets of all) {
    if (secrets === true) return true;
    for (const [key, inner] of secrets) {
      const before = merged.get(key);
      merged.set(key, before ? union(before, inner) : inner);
    }
  }
  return merged;
}

/** The secrets below one key or item. */
export function below(secrets: Secrets, key: string): Secrets {
  if (secrets === true) return true;
  return union(secrets.get(key) ?? none, secrets.get("*") ?? none);
}

/** The names of the properties that are, or hold, a secret. */
export function secretKeys(secrets: Secrets): ReadonlySet<string> {
  return new Set(secrets === true ? [] : secrets.keys());
}

function secretsIn(schema: Schema): Secrets {
  if (schema.secret) return true;
  const found = new Map<string, Secrets>();
  const items = schema.items ?? schema.additionalProperties;
  if (typeof items === "object") add("*", items);
  for (const { name, schema: property } of propertiesOf(schema)) add(name, property);
  return found;

  function add(key: string, inner: Schema): void {
    const secrets = secretsIn(inner);
    if (secrets === true || secrets.size > 0) found.set(key, secrets);
  }
}
