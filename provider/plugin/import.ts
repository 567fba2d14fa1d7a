import { isDeepStrictEqual } from "node:util";
import type { Definition } from "../resource/definition";
import { isReplaceOnly, same } from "../resource/plan";
import type { Values } from "../resource/values";

/**
 * The inputs of a resource that an import found: what a program would give to have what is there.
 * What the server never returns is absent, and so is what a default says anyway.
 */
export function importedInputs(definition: Definition, state: Values): Values {
  const { plan: rules, inputs } = definition;
  const needed = Object.entries(inputs.shape).filter(
    ([key, property]) =>
      state[key] !== undefined &&
      (!property.safeParse(undefined).success || !same(rules, key, state[key], undefined)),
  );
  return Object.fromEntries(needed.map(([key]) => [key, state[key]]));
}

/**
 * The inputs that an import could not find, where a check sees them again as they are: the engine
 * checks an import's inputs against themselves, and that they are missing is nobody's mistake.
 */
export function missingSinceImport(definition: Definition, olds: Values, news: Values): string[] {
  if (Object.keys(news).length === 0 || !isDeepStrictEqual(olds, news)) return [];
  return unreadableInputs(definition).filter((key) => news[key] === undefined);
}

/** What an import can't find since the server never returns it, and what becomes of it then. */
export function importNotice(definition: Definition): string | undefined {
  const { name, plan: rules } = definition;
  const keys = unreadableInputs(definition);
  if (keys.length === 0) return undefined;
  const replaced = keys.filter((key) => isReplaceOnly(key, rules));
  const updated = keys.filter((key) => !replaced.includes(key));
  return [
    `The server never returns ${keys.join(", ")}: an import of this ${name} goes without, and no refresh sees a change there.`,
    ...(updated.length > 0
      ? [`The next \`pulumi up\` sends the program's ${updated.join(", ")}, whatever is there.`]
      : []),
    ...(replaced.length > 0
      ? [
          `Where the program sets ${replaced.join(", ")}, say so with \`ignoreChanges\`, or the resource is replaced.`,
        ]
      : []),
  ].join(" ");
}

function unreadableInputs(definition: Definition): string[] {
  return Object.entries(definition.inputs.shape)
    .filter(([, property]) => property.meta()?.writeOnly === true)
    .map(([key]) => key);
}
