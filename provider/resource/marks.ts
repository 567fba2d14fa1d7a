import type { Snapshot } from "./definition";
import { type Values, visible } from "./values";

/*
 * What a state has to remember besides inputs and outputs: hidden keys, absent where they would say
 * nothing.
 */

/** Properties that the server may show without having carried them out. */
export const unfinishedKey = "__unfinished";

/** True as long as a creation or change has not ended. */
export const pendingKey = "__pending";

/** IDs of the resources that this one took the place of. */
export const predecessorsKey = "__predecessors";

/** A state of which a read is to say whether it still has to be waited for. */
export function asPending(state: Values): Values {
  return { ...state, [pendingKey]: true };
}

/** The state as the engine keeps it: no undefined or null, and marks of what has to be remembered. */
export function withMarks({ id, state, unfinished, predecessors }: Snapshot): Snapshot {
  const marks = {
    ...(unfinished?.length && { [unfinishedKey]: unfinished }),
    ...(predecessors?.length && { [predecessorsKey]: predecessors }),
  };
  return { id, state: { ...visible(state), ...marks } };
}

/** Marks a state as one whose creation or change has not ended. */
export function pending({ id, state }: Snapshot): Snapshot {
  return { id, state: asPending(state) };
}

/** The names in a mark of a state. */
export function namesIn(state: Values, key: string): string[] | undefined {
  const mark = state[key];
  return Array.isArray(mark) ? mark.map(String) : undefined;
}
