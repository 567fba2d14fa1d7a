import type { Definition } from "./definition";
import { same } from "./plan";
import type { Values } from "./values";

/**
 * The inputs of a resource that an import found, as a program would give them. Write-only inputs are
 * absent, and so are values that equal a default.
 */
export function importedInputs(definition: Definition, state: Values): Values {
  const { plan: rules, inputs } = definition;
  const needed = Object.entries(inputs.shape).filter(
    ([key, property]) =>
      state[key] !== undefined &&
      (!property.safeParse(undefined).success || !same(rules, key, state[key], undefined)),
  );
  const found = Object.fromEntries(needed.map(([key]) => [key, state[key]]));
  return definition.importable?.(found) ?? found;
}
