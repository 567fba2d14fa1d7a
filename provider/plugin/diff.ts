import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { type Plan, type PropertyPlan, replacedKeys } from "../resource/plan";
import type { Values } from "../resource/values";

const { DiffChanges } = DiffResponse;
const { Kind } = PropertyDiff;

/**
 * A plan in the terms of the engine: which properties change, how, and in what order.
 *
 * @param news the inputs of this run: a property that is not among them is shown as deleted
 */
export function diffOf(plan: Plan, news: Values): DiffResponse {
  const response = new DiffResponse()
    .setChanges(plan.action === "keep" ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME)
    .setHasdetaileddiff(true)
    .setDeletebeforereplace(plan.order === "old first");
  for (const change of plan.changes) name(change.property, kindOf(change, news));
  for (const key of replacedKeys(plan)) {
    response.addReplaces(key);
    if (!response.getDiffsList().includes(key)) name(key, Kind.UPDATE_REPLACE);
  }
  return response;

  function name(key: string, kind: PropertyDiff.Kind): void {
    response.addDiffs(key);
    response.getDetaileddiffMap().set(key, new PropertyDiff().setKind(kind));
  }
}

function kindOf({ property, action, from }: PropertyPlan, news: Values): PropertyDiff.Kind {
  const isReplacement = action === "replace";
  if (from === undefined) return isReplacement ? Kind.ADD_REPLACE : Kind.ADD;
  if (news[property] === undefined) return isReplacement ? Kind.DELETE_REPLACE : Kind.DELETE;
  return isReplacement ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}
