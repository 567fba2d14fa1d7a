import { createRedactor } from "../../../provider/process/redact";
import { below, type Secrets, union } from "../../../provider/resource/secrets";
import {
  isHidden,
  kindKey,
  outputKind,
  secretKind,
  unknownOf,
  unknownValue,
  type Values,
} from "../../../provider/resource/values";
import { secretText } from "../../stack/deployment";
import type { Shown } from "../model";

const unknowns = new Set(Object.values(unknownOf));

const withoutPasswords = createRedactor([]);

/**
 * Values of a preview in one spelling, whichever form it has: secrets as `[secret]`, and what is not known
 * yet as the unknown value, whatever its type.
 */
export function normalised(values: Values = {}): Values {
  return mapped(values, plain);
}

function plain(value: unknown): unknown {
  if (typeof value === "string") return isUnknownText(value) ? unknownValue : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const { [kindKey]: kind, secret, value: inner } = value as Values;
  if (kind === secretKind || (kind === outputKind && secret === true)) return secretText;
  if (kind === outputKind) return inner === undefined ? unknownValue : plain(inner);
  return mapped(value as Values, plain);
}

/** Also one that only contains the unknown value: a name that is made from what is not known yet. */
function isUnknownText(text: string): boolean {
  return unknowns.has(text) || text.includes(unknownValue);
}

function mapped(values: Values, change: (value: unknown) => unknown): Values {
  return Object.fromEntries(Object.entries(values).map(([key, one]) => [key, change(one)]));
}

/** Where values have secrets. */
export function secretsWithin(value: unknown): Secrets {
  if (value === secretText) return true;
  if (typeof value !== "object" || value === null) return new Map();
  const found = Object.entries(value).map(([key, one]) => [key, secretsWithin(one)] as const);
  return new Map(found.filter(([, one]) => one === true || one.size > 0));
}

/** Where any of several sides of a resource has secrets: what is a secret on one is one on all. */
export function secretsOfAll(sides: readonly Values[], known: Secrets): Secrets {
  return union(known, ...sides.map(secretsWithin));
}

/** The texts at the places of secrets that the preview shows all the same. */
export function plainSecrets(value: unknown, secrets: Secrets): string[] {
  if (typeof value === "string") return secrets === true && value !== secretText ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const inner = below(secrets, key);
    return inner === true || inner.size > 0 ? plainSecrets(one, inner) : [];
  });
}

/**
 * A property as people may see it.
 *
 * @param secrets where it has secrets
 */
export function shown(value: unknown, secrets: Secrets): Shown {
  if (value === undefined || value === null) return { kind: "absent" };
  if (secrets === true || value === secretText) return { kind: "secret" };
  if (containsUnknown(value)) return { kind: "unknown" };
  return { kind: "value", value: masked(value, secrets) };
}

function containsUnknown(value: unknown): boolean {
  if (typeof value === "string") return isUnknownText(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(containsUnknown);
}

function masked(value: unknown, secrets: Secrets): unknown {
  if (secrets === true) return secretText;
  if (typeof value === "string") return value.includes("://") ? withoutPasswords(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one, at) => masked(one, below(secrets, String(at))));
  const shownKeys = Object.entries(value).filter(([key]) => !isHidden(key));
  return Object.fromEntries(shownKeys.map(([key, one]) => [key, masked(one, below(secrets, key))]));
}
