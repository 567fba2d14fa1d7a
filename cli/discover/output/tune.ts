import type { Definition } from "../../../provider/resource/definition";
import { propertiesOf, type Schema, schemaOf } from "../../../provider/resource/json-schema";
import { same } from "../../../provider/resource/plan";
import type { Values } from "../../../provider/resource/values";

/** Where something is has a column of its own. */
const elsewhere: ReadonlySet<string> = new Set(["region", "regionId"]);

/** Texts that say something on their own. Others are names, commands and addresses. */
const tellingTexts = ["environment"];

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
 * What a resource is like, in short, without defaults: the inputs that its cost depends on; where no prices
 * are published, those that a program chooses from a list, that are numbers or that are true.
 * `coordinator r5.large, disk 512; worker r5.large, count 4, disk 512, HA`, `standard-8, storage 200`.
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

function traitsIn({ inputs, cost }: Definition): Trait[] {
  const chosen = propertiesOf(schemaOf(inputs)).filter(({ schema }) => isChosen(schema));
  const telling = cost?.of.filter((key) => key in inputs.shape) ?? chosen.map(({ name }) => name);
  const also = tellingTexts.filter((key) => key in inputs.shape);
  const names = [...telling, ...also].filter((key) => !elsewhere.has(key));
  const first = (name: string) => splitName(name)[0] ?? "";
  return names.map((name) => {
    const [about, ...rest] = splitName(name);
    const isShared = names.filter((one) => first(one) === about).length > 1 && rest.length > 0;
    const words = isShared ? rest : splitName(name);
    return { name, ...(isShared && { about }), label: labelOf(words) };
  });
}

/** Whether a program chooses the value from a list, or it is a number, or true. */
function isChosen({ type, enum: values, known: open, secret }: Schema): boolean {
  if (secret) return false;
  return (
    values !== undefined || open !== undefined || /^(integer|number|boolean)$/.test(type ?? "")
  );
}

/** `["worker", "disk", "size"]`; `["protected"]` for `isProtected`. */
function splitName(name: string): string[] {
  const words = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  return words[0] === "is" ? words.slice(1) : words;
}

function labelOf(words: readonly string[]): string {
  const shown = words.filter((word) => word !== "size");
  return shown.map((word) => (word === "ha" ? "HA" : word)).join(" ");
}
