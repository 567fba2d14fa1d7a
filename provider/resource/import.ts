import type { Definition } from "./definition";
import { same } from "./plan";
import { type Values, visible } from "./values";

/**
 * The inputs of a resource that an import found: what a program would give to have what is there.
 * What the server never returns is absent, and so is what a default says anyway.
 */
export function importedInputs(definition: Definition, state: Values): Values {
  const { plan: rules, inputs } = definition;
  const found = visible(state);
  const needed = Object.entries(inputs.shape).filter(
    ([key, property]) =>
      found[key] !== undefined &&
      (!property.safeParse(undefined).success || !same(rules, key, found[key], undefined)),
  );
  return Object.fromEntries(needed.map(([key]) => [key, found[key]]));
}

/** The inputs that an import can't find, since the server never returns them. */
export function unreadableInputs(definition: Definition): string[] {
  return Object.entries(definition.inputs.shape)
    .filter(([, property]) => property.meta()?.writeOnly === true)
    .map(([key]) => key);
}
