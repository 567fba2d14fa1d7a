import { isDeepStrictEqual } from "node:util";
import { same } from "../../provider/resource/plan";
import type { PlanRules } from "../../provider/resource/plan-rules";
import { below, type Secrets } from "../../provider/resource/secrets";
import { isHidden, kindKey, unknownValue } from "../../provider/resource/values";
import { visible } from "../visible";

/** Stands for whatever is not shown: a secret, or a value that JSON can't express. */
export const masked = Symbol("masked");

/** What is shown in its place. */
export const maskedText = "(secret)";

/**
 * A value of a state without what nobody may see: secrets, and keys that hosts add for themselves.
 *
 * @param secrets where the schema has secrets, whether the state marks them or not
 */
export function mask(value: unknown, secrets: Secrets): unknown {
  if (value === undefined || value === null) return undefined;
  if (secrets === true) return masked;
  if (typeof value !== "object") return value;
  if (kindKey in value) return masked;
  if (Array.isArray(value)) return value.map((item, at) => mask(item, below(secrets, String(at))));
  const shown = Object.entries(value).filter(([key]) => !isHidden(key));
  return Object.fromEntries(shown.map(([key, item]) => [key, mask(item, below(secrets, key))]));
}

/** Whether a value is masked, or has something masked at any depth. */
export function hasMasked(value: unknown): boolean {
  if (value === masked) return true;
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(hasMasked);
}

/**
 * Whether two values of a property mean the same, up to spelling. Nobody can tell whether two secrets are
 * equal, so a secret is like any other value.
 */
export function alike(rules: PlanRules, property: string, a: unknown, b: unknown): boolean {
  return hasMasked(a) || hasMasked(b) ? equal(a, b) : same(rules, property, a, b);
}

function equal(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a === masked || b === masked) return true;
  if (!isBranch(a) || !isBranch(b)) return isDeepStrictEqual(a, b);
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, item]) => equal(item, right.get(key)));
}

function isBranch(value: unknown): value is object {
  return value !== null && typeof value === "object";
}

/** A value as JSON can have it: what is masked becomes a text. */
export function plain(value: unknown): unknown {
  if (value === masked) return maskedText;
  if (value === unknownValue) return "(not known yet)";
  if (Array.isArray(value)) return value.map(plain);
  if (!isBranch(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** A value as a cell shows it: a text is not quoted, unless it could be taken for something else. */
export function textOf(value: unknown): string {
  const shown = plain(value);
  if (typeof shown === "string" && (value === masked || isPlainText(shown))) return shown;
  return visible(JSON.stringify(shown));
}

/** Whether a text reads the same without its quotes, and can't be taken for a number, a list or a note. */
function isPlainText(text: string): boolean {
  const isWords = /^[^\s"[{(\p{C}][^\s"[{\p{C}]*( [^\s"[{\p{C}]+)*$/u.test(text);
  return isWords && !/^(true|false|null|–)$/.test(text) && Number.isNaN(Number(text));
}
