import type { z } from "zod";
import { type Schema, schemaOf } from "./json-schema";
import { perSchema } from "./property";

/**
 * Where a value holds secrets: `true`: it is one itself; a map: below its keys, where `*` is every key or
 * item.
 */
export type Secrets = true | ReadonlyMap<string, Secrets>;

/** No secrets. */
export const none: Secrets = new Map();

/** What {@link secretKeys} returns where there are no secrets. */
export const noKeys: ReadonlySet<string> = new Set();

/** Where the values of a schema hold secrets, both as they are given and as they are after the check. */
export const secretsOf = perSchema(
  (schema: z.ZodType): Secrets =>
    union(secretsIn(schemaOf(schema, "input")), secretsIn(schemaOf(schema, "output"))),
);

/**
 * Where the values of a JSON Schema hold secrets. A secret of one alternative is treated as a secret of
 * all, since a value does not say which alternative it is.
 *
 * @throws TypeError for a reference, which is not followed
 */
export function secretsIn(schema: Schema): Secrets {
  if (schema.secret) return true;
  if (schema.$ref !== undefined) throw new TypeError("A schema with references may hide a secret.");
  const { properties = {}, patternProperties = {}, prefixItems = [] } = schema;
  const every = [schema.items, schema.additionalProperties, ...Object.values(patternProperties)];
  const found = [
    ...Object.entries(properties).map(([key, inner]) => at(key, inner)),
    ...prefixItems.map((inner, index) => at(String(index), inner)),
    ...every.map((inner) => (typeof inner === "object" ? at("*", inner) : none)),
    ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((one) => (one ?? []).map(secretsIn)),
  ];
  return union(...found);
}

/** Whether there are any. */
export function holdsSecret(secrets: Secrets): boolean {
  return secrets === true || secrets.size > 0;
}

/** All places that hold a secret in any of them. */
export function union(...all: readonly Secrets[]): Secrets {
  const [first = none, ...others] = all.filter(holdsSecret);
  if (others.length === 0) return first;
  const merged = new Map<string, Secrets>();
  for (const secrets of [first, ...others]) {
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
  const [own, every] = [secrets.get(key), secrets.get("*")];
  return own && every ? union(own, every) : (own ?? every ?? none);
}

/** Whether what lies at a path (`["env", "PORT"]`) is a secret, lies within one or holds one. */
export function isSecretAt(secrets: Secrets, path: readonly PropertyKey[]): boolean {
  return holdsSecret(path.reduce<Secrets>((at, step) => below(at, String(step)), secrets));
}

/** The names of the properties that are, or hold, a secret. */
export function secretKeys(secrets: Secrets): ReadonlySet<string> {
  return secrets === true || secrets.size === 0 ? noKeys : new Set(secrets.keys());
}

/** The names of an object's properties that are, or hold, a secret. */
export const secretProperties = perSchema((schema: z.ZodObject) => secretKeys(secretsOf(schema)));

/**
 * Replaces the secrets in a value. Where the value has another shape than its secrets, the whole of it is
 * one.
 *
 * @param seal makes what stands for a secret
 */
export function sealSecrets(
  value: unknown,
  secrets: Secrets,
  seal: (secret: unknown) => unknown,
): unknown {
  if (secrets === true) return seal(value);
  if (secrets.size === 0 || value === undefined) return value;
  // Items may have moved since, or the value may have another shape: then the whole is the secret.
  if (value === null || typeof value !== "object") return seal(value);
  if (Array.isArray(value) && !secrets.has("*")) return seal(value);
  const inner = (item: unknown, key: string) => sealSecrets(item, below(secrets, key), seal);
  if (Array.isArray(value)) return value.map((item, at) => inner(item, String(at)));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item, key)]));
}

function at(key: string, schema: Schema): Secrets {
  const secrets = secretsIn(schema);
  return holdsSecret(secrets) ? new Map([[key, secrets]]) : none;
}
