import type { Definition } from "../../../provider/resource/definition";
import { type Plan, worse } from "../../../provider/resource/plan";
import type { Effect, Order } from "../../../provider/resource/plan-rules";
import type { Values } from "../../../provider/resource/values";
import { inPlace } from "./properties";

const nothing = (text: string): Effect => ({ kind: "none", text });

/** Effects that do not depend on the resource. */
export const effects = {
  created: nothing("a new one is created; nothing that exists changes"),
  imported: nothing("it becomes part of the stack as it is"),
  read: nothing("it is only read"),
  kept: nothing("nothing changes"),
  refused: nothing("nothing is changed: `pulumi up` fails"),
  abandoned: nothing("the stack no longer manages it; it is left running, and costs what it did"),
  recreated: nothing("it is created; the old one is deleted already"),
} as const;

/** What a replacement does whose old resource stays on the server. */
const leftRunning: Effect = {
  kind: "interruption",
  text: "what uses it gets a new one; the old one is left running with its data, and costs what it did",
};

/** What a creation does. */
export function effectOfCreation({ whenCreated }: Definition, inputs: Values): Effect {
  return whenCreated?.(inputs) ?? effects.created;
}

/** What an update may do of which there is no plan. */
const notKnown: Effect = {
  kind: "interruption",
  text: "what it does is not known, so take an interruption into account",
};

/** What an update does. */
export function effectOfUpdate(plan: Plan | undefined): Effect {
  if (!plan) return notKnown;
  return plan.action === "update" ? (plan.effect ?? inPlace) : inPlace;
}

/**
 * What a replacement does.
 *
 * @param plan undefined: it asks for none
 * @param order which goes first; undefined: not known
 * @param isRetained whether the old one is left running (`retainOnDelete`)
 */
export function effectOfReplacement(
  definition: Definition,
  state: Values,
  plan: Plan | undefined,
  { order, isRetained }: { order: Order | undefined; isRetained: boolean },
): Effect {
  const forced = () => definition.whenReplaced?.(state) ?? definition.whenDeleted(state);
  const asked = plan?.effect ?? forced();
  const isForced = order === "old first" && plan?.order !== "old first";
  const effect = isForced ? (worse(definition.plan.oldFirst, asked) ?? asked) : asked;
  const isDeletion = effect.kind === "data loss" || effect.kind === "deletion";
  return isRetained && isDeletion ? leftRunning : effect;
}
