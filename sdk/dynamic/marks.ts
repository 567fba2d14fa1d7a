import { isDeepStrictEqual } from "node:util";
import type { Definition } from "../../provider/resource/definition";
import { pack, type Unpacked, unpack } from "../../provider/resource/marks";
import { asSecret, only, present, type Values } from "../../provider/resource/values";

/*
 * What the dynamic host has to remember on its own, since the engine tells it less than a plugin: diff and
 * update get the old state but not the old inputs, read gets no inputs at all, check gets no state. These
 * marks are hidden keys too, and absent if they would say nothing.
 *
 * The classes import this file at the start of every program: it must not load zod.
 */

/** In inputs: those of the run before that differ from this run's; null: not set. */
const formerMark = "__former";

/** In inputs, in a preview: those that are not the program's, but what the server will make of the rest. */
const foreseenMark = "__foreseen";

/** In state: the inputs that the program leaves to the server. */
const unsetMark = "__unset";

/** In state: what the program asked for if the server has something else. May hold secrets. */
const appliedMark = "__applied";

/** Inputs, and those of the run before. */
export interface Inputs extends Unpacked {
  former: Values;
}

/** A state, and the inputs of the last run. */
export interface State extends Unpacked {
  applied: Values;
}

/** Takes the engine's inputs apart. */
export function unpackInputs(bag: Values): Inputs {
  const { properties, marks } = unpack(withoutForeseen(bag));
  const former = present({ ...properties, ...(bag[formerMark] as Values | undefined) });
  return { properties, marks, former };
}

/**
 * Makes the inputs that a check returns, with those of the run before: only the check knows them. The
 * mark is not a secret, so it does not have a secret's former value: a plan only has to know that it was
 * another.
 *
 * @param before the properties of the run before; undefined: there was none
 * @param secrets the inputs that hold a secret
 */
export function packInputs(
  inputs: Unpacked,
  before: Values | undefined,
  secrets: ReadonlySet<string>,
): Values {
  const former: Values = {};
  const { properties } = inputs;
  for (const key of before ? [...Object.keys(before), ...Object.keys(properties)] : []) {
    const value = before?.[key];
    if (isDeepStrictEqual(value, properties[key])) continue;
    former[key] = value !== undefined && secrets.has(key) ? "(secret)" : (value ?? null);
  }
  const bag = pack(inputs);
  return Object.keys(former).length > 0 ? { ...bag, [formerMark]: former } : bag;
}

/**
 * Adds what the server will make to the inputs that a check returns in a preview. The engine takes the
 * inputs of a dynamic resource for its outputs there, and would show every other property as removed.
 *
 * @param before the inputs of the run before: what the program has removed since is shown as removed
 * @param foreseen the state as far as it is known
 */
export function addForeseen(bag: Values, before: Values, foreseen: Values): Values {
  const isServers = (key: string) => bag[key] === undefined && before[key] === undefined;
  const added = Object.entries(present(foreseen)).filter(([key]) => isServers(key));
  if (added.length === 0) return bag;
  return { ...bag, ...Object.fromEntries(added), [foreseenMark]: added.map(([key]) => key) };
}

/** A preview's inputs, as the next run would store them: without what `addForeseen` added. */
export function withoutForeseen(bag: Values): Values {
  const foreseen = bag[foreseenMark] as string[] | undefined;
  if (!foreseen) return bag;
  const added = new Set([foreseenMark, ...foreseen]);
  return Object.fromEntries(Object.entries(bag).filter(([key]) => !added.has(key)));
}

/** Takes the engine's state apart. */
export function unpackState(definition: Definition, bag: Values): State {
  const { properties, marks } = unpack(bag);
  const unset = (bag[unsetMark] as string[] | undefined) ?? [];
  const different = bag[appliedMark] as Values | undefined;
  const isAsked = (_: unknown, key: string) =>
    Object.hasOwn(definition.inputs.shape, key) && !unset.includes(key);
  return { properties, marks, applied: { ...only(properties, isAsked), ...different } };
}

/** Makes a state with what the program asked for, so that a later read can tell drift from defaults. */
export function packState(
  definition: Definition,
  { properties, marks }: Unpacked,
  applied: Unpacked,
): Values {
  const unset: string[] = [];
  const different: Values = {};
  for (const key of Object.keys(definition.inputs.shape)) {
    const [asked, seen] = [applied.properties[key], properties[key]];
    if (asked === seen || isDeepStrictEqual(asked, seen)) continue;
    if (asked === undefined) unset.push(key);
    else different[key] = asked;
  }
  return {
    ...pack({ properties, marks: { ...marks, autonamed: applied.marks.autonamed } }),
    ...(unset.length > 0 && { [unsetMark]: unset }),
    ...(Object.keys(different).length > 0 && { [appliedMark]: different }),
  };
}

/** A state as the engine keeps it: Pulumi doesn't say which of the inputs that a mark repeats are secrets. */
export function sealed(state: Values): Values {
  const applied = state[appliedMark];
  return applied === undefined ? state : { ...state, [appliedMark]: asSecret(applied) };
}
