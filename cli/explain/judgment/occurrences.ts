import type { Order } from "../../../provider/resource/plan-rules";
import type { Operation, Preview, Step } from "../model";

/** What the engine would do to one resource, of all the steps that it shows for it. */
export interface Occurrence {
  urn: string;
  operation: Exclude<Operation, "abandon" | "refuse">;
  /** The step that has both sides of the change. */
  step: Step;
  /** Of a replacement, if the engine shows it. */
  order?: Order;
  /** A replaced resource of an earlier run, whose deletion is still to be carried out. */
  isLeftOver?: boolean;
  /** Of a replacement whose old resource an earlier run deleted already. */
  isRecreated?: boolean;
  /** A refresh of this preview did not find it any more. */
  isGone?: boolean;
}

const creating = ["create-replacement", "import-replacement", "read-replacement"];
const deletingReplaced = ["delete-replaced", "discard-replaced"];
const replacing = ["replace", ...creating];

/** Operations of which nothing is to be said: a refresh that found nothing, an entry that is cleaned up. */
const silent = ["refresh", "remove-pending-replace", "diff", "extend-parameterize"];

/** Where several steps are of one resource, the first of these decides. */
const operations: ReadonlyMap<string, Occurrence["operation"]> = new Map([
  ["create", "create"],
  ["import", "import"],
  ["update", "update"],
  ["delete", "delete"],
  ["discard", "delete"],
  ["read", "read"],
  ["same", "keep"],
]);

/** The engine's steps, by resource. A URN has two where a replaced resource is still to be deleted too. */
export function occurrencesOf({ steps }: Preview): Occurrence[] {
  const byUrn = Map.groupBy(steps, ({ urn }) => urn);
  return [...byUrn].flatMap(([urn, all]) => occurrencesAt(urn, all));
}

function occurrencesAt(urn: string, all: readonly Step[]): Occurrence[] {
  const steps = all.filter(({ op }) => !silent.includes(op));
  const replacement = steps.find(({ op }) => op === "replace") ?? steps.find(isOf(replacing));
  const deletions = steps.filter(isOf(deletingReplaced));
  if (replacement) {
    const own = deletions.find(({ old }) => old?.id === replacement.old?.id);
    const order = (own && orderOf(steps, own)) ?? orderByMark(replacement);
    // The engine marks the old one as deleted also while this run does it: then it shows that step.
    const isMarked = replacement.old?.pendingReplacement === true;
    const isRecreated = isMarked && !own && steps.some(isOf(creating));
    return [
      { urn, operation: "replace", step: replacement, order, isRecreated },
      ...leftOvers(
        urn,
        deletions.filter((one) => one !== own),
      ),
    ];
  }
  const wasRefreshed = all.some(isOf(["refresh"]));
  const others = steps.filter((one) => !deletions.includes(one));
  return [...leftOvers(urn, deletions), ...plainOccurrence(urn, others, wasRefreshed)];
}

function orderOf(steps: readonly Step[], deletion: Step): Order | undefined {
  const created = steps.findIndex(isOf(creating));
  if (created < 0) return undefined;
  return steps.indexOf(deletion) < created ? "old first" : "new first";
}

/** The engine marks the old one by what it does with it, also where it does not show that step. */
function orderByMark({ old }: Step): Order | undefined {
  if (old?.pendingReplacement) return "old first";
  return old?.delete ? "new first" : undefined;
}

function leftOvers(urn: string, steps: readonly Step[]): Occurrence[] {
  return steps.map((step) => ({ urn, operation: "delete", step, isLeftOver: true }));
}

/** @param wasRefreshed whether it was in the state: what is created all the same is gone on the server */
function plainOccurrence(urn: string, steps: readonly Step[], wasRefreshed: boolean): Occurrence[] {
  const last = (op: string) => steps.findLast((step) => step.op === op);
  const known = [...operations.keys()].flatMap((op) => last(op) ?? [])[0];
  // An operation of a newer engine changes something, for all that is known.
  const step = steps.find(({ op }) => !operations.has(op)) ?? known;
  if (!step) return [];
  const operation = operations.get(step.op) ?? "update";
  const isGone = operation === "create" && (wasRefreshed || last("delete") !== undefined);
  return [{ urn, operation, step, ...(isGone && { isGone }) }];
}

/** What becomes of it in a reviewer's words: options of the program can keep the engine from it. */
export function outcomeOf({ operation, step, isLeftOver }: Occurrence): Operation {
  const { old, new: now } = step;
  const isProtected = old?.protect === true;
  if (operation === "replace" && isProtected && now?.protect === true) return "refuse";
  if (operation !== "delete") return operation;
  // Protection does not hold for what a replacement has left over.
  if (isProtected && !isLeftOver) return "refuse";
  return old?.retainOnDelete === true || old?.external === true ? "abandon" : "delete";
}

/** Whether an operation is one that this version knows. */
export function isKnownOperation(op: string): boolean {
  return [...silent, ...replacing, ...deletingReplaced, ...operations.keys()].includes(op);
}

function isOf(ops: readonly string[]): (step: Step) => boolean {
  return ({ op }) => ops.includes(op);
}
