import { isDeepStrictEqual } from "node:util";
import type { Definition } from "../../provider/resource/definition";
import { autonameMark } from "../../provider/resource/names";
import { secretProperties } from "../../provider/resource/secrets";
import { type Values, visible } from "../../provider/resource/values";

/*
 * What the dynamic host has to remember for itself, since the engine tells its providers less than it
 * tells a plugin: diff and update get the old state but not the old inputs, read gets no inputs at
 * all, check gets no state. All marks are hidden keys, and absent where they would say nothing.
 */

/** In inputs: what the inputs of the run before had, where this run's differ; null: nothing. */
const formerMark = "__former";

/** In state: the inputs that the program leaves to the server. */
const unsetMark = "__unset";

/** In state: what the program asked, where the server has something else. */
const appliedMark = "__applied";

/**
 * Marks inputs with what they were before, as check is the last to know. The mark is no secret, so a
 * secret's former value is left out of it: that it was another is all that a plan has to know.
 */
export function withFormer(definition: Definition, inputs: Values, olds: Values): Values {
  const former: Values = {};
  const before = visible(olds);
  const secrets = secretProperties(definition.inputs);
  for (const key of new Set([...Object.keys(before), ...Object.keys(visible(inputs))])) {
    if (isDeepStrictEqual(before[key], inputs[key])) continue;
    former[key] =
      before[key] !== undefined && secrets.has(key) ? "(secret)" : (before[key] ?? null);
  }
  return Object.keys(former).length > 0 ? { ...inputs, [formerMark]: former } : inputs;
}

/** The inputs of the run before, from the marked inputs of this one. */
export function formerInputs(inputs: Values): Values {
  return visible({ ...inputs, ...(inputs[formerMark] as Values | undefined) });
}

/** Marks a state with what the program asked, so that a later read can tell drift from defaults. */
export function withApplied(definition: Definition, state: Values, applied: Values): Values {
  const unset: string[] = [];
  const different: Values = {};
  for (const key of Object.keys(definition.inputs.shape)) {
    if (isDeepStrictEqual(applied[key], state[key])) continue;
    if (applied[key] == null) unset.push(key);
    else different[key] = applied[key];
  }
  return {
    ...state,
    ...(unset.length > 0 && { [unsetMark]: unset }),
    ...(Object.keys(different).length > 0 && { [appliedMark]: different }),
    ...(applied[autonameMark] === true && { [autonameMark]: true }),
  };
}

/** The inputs that the program asked last, from a marked state. */
export function appliedInputs(definition: Definition, state: Values): Values {
  const unset = new Set((state[unsetMark] as string[] | undefined) ?? []);
  const kept = Object.keys(definition.inputs.shape)
    .filter((key) => !unset.has(key) && state[key] != null)
    .map((key) => [key, state[key]]);
  return {
    ...Object.fromEntries(kept),
    ...(state[appliedMark] as Values | undefined),
    ...(state[autonameMark] === true && { [autonameMark]: true }),
  };
}

/** The marks of inputs that a check has to hand on. */
export function handedOn(news: Values): Values {
  return news[autonameMark] === true ? { [autonameMark]: true } : {};
}
