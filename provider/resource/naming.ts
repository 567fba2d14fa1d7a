import type { Definition } from "./definition";
import { isReplaceOnly, same } from "./plan";
import { validate } from "./validation";
import type { Values } from "./values";

/**
 * The name of a resource that exists, where the provider made the new inputs' one: it is kept, unless
 * the resource is replaced. A change of spelling, or of the logical name under an alias, would make
 * another name: not for this one.
 *
 * @param olds the inputs of the last run
 * @param inputs the checked inputs of this run
 */
export function keptName(definition: Definition, olds: Values, inputs: Values): unknown {
  const name = definition.plan.autoname;
  if (!name || !olds[name]) return undefined;
  return sameReplaceOnly(definition, olds, inputs) ? olds[name] : undefined;
}

/** The inputs that a name is made from: those that only a replacement changes, except the name. */
export function replacingInputs(definition: Definition, inputs: Values): Values {
  const { plan: rules } = definition;
  const keys = Object.keys(definition.inputs.shape).filter(
    (key) => key !== rules.autoname && isReplaceOnly(key, rules),
  );
  return Object.fromEntries(keys.map((key) => [key, inputs[key]]));
}

/** Whether two sets of inputs ask for the same as far as only a replacement could change it. */
export function sameReplaceOnly(definition: Definition, olds: Values, news: Values): boolean {
  const before = replacingInputs(definition, validate(definition.inputs, olds).inputs);
  const after = replacingInputs(definition, validate(definition.inputs, news).inputs);
  return Object.keys(before).every((key) => same(definition.plan, key, after[key], before[key]));
}
