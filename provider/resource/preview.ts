import { isDeepStrictEqual } from "node:util";
import type { Definition, DiffRequest } from "./definition";
import { pendingOf } from "./lifecycle";
import { type Plan, same } from "./plan";
import { containsUnknown, unknownValue, type Values } from "./values";

/** A resource as a preview shows it, with unknown values for what is not known yet. */
export interface PreviewedResource {
  id?: string;
  state: Values;
}

/**
 * What a creation will make, as far as it is known: the inputs and what the definition foresees. An
 * input that the program leaves to the server is unknown, and so is one that the server may spell
 * differently.
 */
export function previewCreate(definition: Definition, inputs: Values): PreviewedResource {
  const state: Values = {};
  for (const key of Object.keys(definition.outputs.shape)) state[key] = unknownValue;
  for (const [key, property] of Object.entries(definition.inputs.shape)) {
    const isKnown = inputs[key] !== undefined && !definition.plan.same?.[key];
    if (isKnown) state[key] = inputs[key];
    else if (inputs[key] !== undefined || property.meta()?.writeOnly !== true) {
      state[key] = unknownValue;
    }
  }
  const foreseen = definition.foresee?.(inputs);
  for (const [key, value] of Object.entries(foreseen?.state ?? {})) {
    state[key] = isOpen(value) ? unknownValue : value;
  }
  return { id: isOpen(foreseen?.id) ? undefined : foreseen?.id, state };
}

/** Whether a value is unknown, contains an unknown, or was made from one. */
function isOpen(value: unknown): boolean {
  return containsUnknown(value) || (typeof value === "string" && value.includes(unknownValue));
}

/**
 * The state after an update, as far as it is known: what the plan keeps is unchanged, what it updates has
 * its new value, and the outputs that may change along are unknown.
 */
export function previewUpdate(definition: Definition, request: DiffRequest, plan: Plan): Values {
  const state = { ...request.state };
  const isPending = pendingOf(definition, request) !== undefined;
  const changed = new Map(plan.changes.map((change) => [change.property, change.to]));
  for (const [key, to] of changed)
    state[key] = mayBeAbsent(definition, key, to) ? unknownValue : to;
  for (const key of Object.keys(definition.inputs.shape)) {
    const asked = request.news[key];
    // Kept although the server has another value or spelling: the server decides which it will be.
    if (!changed.has(key) && asked !== undefined && !isDeepStrictEqual(asked, state[key])) {
      state[key] = unknownValue;
    }
  }
  for (const [key, property] of Object.entries(definition.outputs.shape)) {
    const causes = property.meta()?.changesWith ?? [];
    if (isPending || causes.some((cause: string) => changed.has(cause))) state[key] = unknownValue;
  }
  return state;
}

/** Whether a value means that there is none, for which a server may show nothing at all. */
function mayBeAbsent({ plan: rules }: Definition, key: string, value: unknown): boolean {
  return value !== undefined && typeof value !== "boolean" && same(rules, key, value, undefined);
}
