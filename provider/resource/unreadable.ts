import type { Definition } from "./definition";
import { isReplaceOnly } from "./plan";
import type { Values } from "./values";

/** The inputs that no server returns and that are not known. */
export function unreadableInputs({ inputs: schema }: Definition, known: Values): string[] {
  return Object.entries(schema.shape)
    .filter(([key, property]) => known[key] === undefined && property.meta()?.writeOnly === true)
    .map(([key]) => key);
}

/**
 * What to know about the write-only inputs of a resource that was imported, if it can have any. The text is
 * the same for every resource of one kind.
 *
 * @param inputs what the import found
 */
export function importNotice(definition: Definition, inputs: Values): string | undefined {
  const { name, plan: rules } = definition;
  const keys = possibleInputs(definition, inputs, unreadableInputs(definition, inputs));
  if (keys.length === 0) return undefined;
  const replaced = keys.filter((key) => isReplaceOnly(key, rules));
  const updated = keys.filter((key) => !replaced.includes(key));
  const them = pronoun(keys);
  const sentences = [
    `The server never returns ${keys.join(", ")}, so the imported state of each ${name} lacks ${them} and refresh cannot detect changes to ${them}.`,
  ];
  if (updated.length > 0) {
    sentences.push(
      `The next \`pulumi up\` overwrites ${pronoun(updated)} with the program's ${updated.join(", ")}.`,
    );
  }
  if (replaced.length > 0) {
    sentences.push(
      `If the program sets ${replaced.join(", ")}, add ${pronoun(replaced)} to \`ignoreChanges\`; otherwise the resource is replaced.`,
    );
  }
  return sentences.join(" ");
}

/** Those of some inputs that a resource can have besides the others: an Akkeris web is never a one-off. */
function possibleInputs(definition: Definition, inputs: Values, keys: string[]): string[] {
  const supposed = { ...inputs, ...Object.fromEntries(keys.map((key) => [key, true])) };
  const isAtFault = (key: string) =>
    (definition.constraints ?? []).some(
      ({ properties, check }) => properties[0] === key && check(supposed) !== undefined,
    );
  const possible = keys.filter((key) => !isAtFault(key));
  return possible.length === keys.length ? keys : possibleInputs(definition, inputs, possible);
}

function pronoun(keys: readonly string[]): string {
  return keys.length > 1 ? "them" : "it";
}
