import type { Definition } from "../../../provider/resource/definition";
import { propertiesOf, type Schema, schemaOf } from "../../../provider/resource/json-schema";
import { same } from "../../../provider/resource/plan";
import type { Values } from "../../../provider/resource/values";

/** Where something is has a column of its own. */
const elsewhere: ReadonlySet<string> = new Set(["region", "regionId"]);

/** A property that says what a resource is like, and the words of its name. */
interface Trait {
  name: string;
  /** What several properties are about: `coordinator`. Absent: it is alone. */
  about?: string;
  /** The other words: `disk`. */
  label: string;
}

const known = new WeakMap<Definition, readonly Trait[]>();

/**
 * What a resource is like, in short: the values of the inputs that a program chooses from a list, that
 * are numbers or that are true, in the order of the schema and without defaults. `coordinator r5.large,
 * disk 512; worker r5.large, count 4, disk 512, HA`.
 */
export function tuneOf(definition: Definition, state: Values): string {
  const groups = new Map<string, string[]>();
  for (const { name, about = "", label } of traitsOf(definition)) {
    const value = state[name];
    if (value === undefined || same(definition.plan, name, value, undefined)) continue;
    const words = wordsOf(value, label);
    if (words !== "") groups.set(about, [...(groups.get(about) ?? []), words]);
  }
  return [...groups].map(([about, words]) => `${about} ${words.join(", ")}`.trim()).join("; ");
}

function wordsOf(value: unknown, label: string): string {
  if (typeof value === "boolean") return value ? label : "";
  return typeof value === "number" ? `${label} ${value}` : String(value);
}

function traitsOf(definition: Definition): readonly Trait[] {
  const found = known.get(definition) ?? traitsIn(definition);
  known.set(definition, found);
  return found;
}

function traitsIn({ inputs }: Definition): Trait[] {
  const names = propertiesOf(schemaOf(inputs))
    .filter(({ name, schema }) => isTrait(schema) && !elsewhere.has(name))
    .map(({ name }) => name);
  const first = (name: string) => splitName(name)[0] ?? "";
  return names.map((name) => {
    const [about, ...rest] = splitName(name);
    const isShared = names.filter((one) => first(one) === about).length > 1 && rest.length > 0;
    const words = isShared ? rest : splitName(name);
    return { name, ...(isShared && { about }), label: labelOf(words) };
  });
}

/** Whether a value says something on its own: free texts are names, commands and addresses. */
function isTrait({ type, enum: values, known: open, secret }: Schema): boolean {
  if (secret) return false;
  return (
    values !== undefined || open !== undefined || /^(integer|number|boolean)$/.test(type ?? "")
  );
}

/** `["worker", "disk", "size"]`. */
function splitName(name: string): string[] {
  return name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}

function labelOf(words: readonly string[]): string {
  const shown = words.filter((word, at) => !(word === "is" && at === 0) && word !== "size");
  return shown.map((word) => (word === "ha" ? "HA" : word)).join(" ");
}
