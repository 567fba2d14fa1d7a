import type { Definition } from "./definition";
import { plan } from "./plan";
import type { Values } from "./values";

/**
 * The inputs that a refresh writes back: the program's, with the drift that the plan would undo. A
 * property that the program did not set, and one that only a replacement could change, stay as the
 * program had them.
 */
export function projectDrift(definition: Definition, applied: Values, state: Values): Values {
  const inputs = { ...applied };
  const undone = plan(Object.keys(definition.inputs.shape), definition.plan, {
    applied,
    observed: state,
    desired: applied,
  });
  for (const { property, action, from } of undone.changes) {
    if (action !== "update") continue;
    if (from === undefined) delete inputs[property];
    else inputs[property] = from;
  }
  return inputs;
}
