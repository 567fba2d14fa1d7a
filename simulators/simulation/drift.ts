import type { Entry, Kind } from "./kind.ts";
import { literally } from "./pattern.ts";
import { SimulationProblem } from "./problem.ts";

/** A thing that a reference means. */
interface Found {
  kind: Kind;
  entry: Entry;
}

/**
 * Finds what a reference means: a kind and a name, in which `*` is any text, or an ID: `formation/orders-*`.
 *
 * @throws SimulationProblem naming what exists.
 */
export function find(kinds: readonly Kind[], reference: string): Found {
  const slash = reference.indexOf("/");
  const kind = kindNamed(kinds, slash < 0 ? reference : reference.slice(0, slash));
  const wanted = slash < 0 ? "" : reference.slice(slash + 1);
  const all = kind.list();
  const exact = all.filter(({ name, id }) => name === wanted || id === wanted);
  const found = exact.length > 0 ? exact : all.filter(({ name }) => isLike(name, wanted));
  const [entry] = found;
  if (entry === undefined) {
    const others = all.map(({ name }) => `${kind.name}/${name}`).join(", ") || "none";
    throw new SimulationProblem(`there is no ${kind.name}/${wanted}. Of this kind: ${others}`);
  }
  if (found.length > 1) {
    const ids = found.map(({ id }) => `${kind.name}/${id}`).join(", ");
    throw new SimulationProblem(`${reference} means several; name one by its ID: ${ids}`);
  }
  return { kind, entry };
}

/** Whether a name is one of those that a pattern means. */
function isLike(name: string, pattern: string): boolean {
  const parts = pattern.split("*").map(literally);
  return parts.length > 1 && new RegExp(`^${parts.join(".*")}$`).test(name);
}

/** @throws SimulationProblem naming the kinds. */
export function kindNamed(kinds: readonly Kind[], name: string): Kind {
  const kind = kinds.find((one) => one.name === name);
  if (kind !== undefined) return kind;
  const names = kinds.map((one) => one.name).join(", ");
  throw new SimulationProblem(`"${name}" is not a kind of thing here. Kinds: ${names}`);
}

/**
 * The values that words such as `quantity=5` set. A value is JSON (`5`, `true`, `null`, `["a"]`), or else
 * text.
 *
 * @throws SimulationProblem where a word has no `=`.
 */
export function valuesOf(words: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf("=");
      if (at < 1) throw new SimulationProblem(`"${word}" is not like quantity=5`);
      return [word.slice(0, at), valueIn(word.slice(at + 1))];
    }),
  );
}

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
