import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { Plan, PropertyPlan } from "../resource/plan";
import type { Values } from "../resource/values";

const { DiffChanges } = DiffResponse;
const { Kind } = PropertyDiff;

/**
 * A plan in the terms of the engine: which properties change, how, and in what order.
 *
 * @param news the inputs of this run: what is not among them is shown as taken away
 */
export function diffOf(plan: Plan, news: Values): DiffResponse {
  const response = new DiffResponse()
    .setChanges(plan.action === "keep" ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME)
    .setHasdetaileddiff(true)
    .setDeletebeforereplace(plan.order === "old first");
  for (const change of plan.changes) {
    response.addDiffs(change.property);
    if (change.action === "replace") response.addReplaces(change.property);
    response
      .getDetaileddiffMap()
      .set(change.property, new PropertyDiff().setKind(kindOf(change, news)));
  }
  // The engine replaces where a property is named; a resource that failed as a whole names its state.
  if (plan.action === "replace" && response.getReplacesList().length === 0) {
    response.addReplaces("state");
    response.addDiffs("state");
    const whole = new PropertyDiff().setKind(Kind.UPDATE_REPLACE);
    response.getDetaileddiffMap().set("state", whole);
  }
  return response;
}

function kindOf({ property, action, from }: PropertyPlan, news: Values): PropertyDiff.Kind {
  const isReplacement = action === "replace";
  if (from === undefined) return isReplacement ? Kind.ADD_REPLACE : Kind.ADD;
  if (news[property] === undefined) return isReplacement ? Kind.DELETE_REPLACE : Kind.DELETE;
  return isReplacement ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}
