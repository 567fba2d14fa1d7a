import type { Definition } from "../../../provider/resource/definition";
import type { Plan } from "../../../provider/resource/plan";
import { logicalName } from "../../../provider/resource/urn";
import type { Operation, ResourceChange } from "../model";
import { collisionOf, noteOfCollision } from "./collision";
import * as effectsOf from "./effects";
import { effects } from "./effects";
import { reasonsToReplace, refusalsOf } from "./engine-reasons";
import * as notes from "./notes";
import { isKnownOperation, type Occurrence, outcomeOf } from "./occurrences";
import { type Planned, planned } from "./planning";
import { pricedIn } from "./priced";
import { allProperties, changedProperties, type Showing } from "./properties";
import { concealedIn } from "./sides";

/** What the rest of the preview does, as far as it matters to one resource. */
export interface Surroundings {
  /** URNs of what is replaced. */
  replaced: ReadonlySet<string>;
  /** URNs of what is deleted, as a whole or as part of a replacement. */
  deleted: ReadonlySet<string>;
  /** Whether any resource has a hook. */
  usesHooks: boolean;
}

/** A change of this package's resource, before what was said of it is added. */
export type OwnChange = Omit<ResourceChange, "urn" | "name" | "type" | "definition" | "messages">;

/** What a step of this package's resource means. */
export interface Judged {
  /** Undefined: nothing happens, and nothing is to be said. */
  change?: OwnChange;
  /** What the host said of the plan: it is in the change already. */
  remarks: readonly string[];
  /** Secrets that the preview shows. */
  exposed: readonly string[];
  /** Inputs whose values the host may say although the program makes them secrets. */
  concealed: readonly string[];
}

/** Explains what the engine would do to a resource of this package. */
export function judged(
  definition: Definition,
  occurrence: Occurrence,
  surroundings: Surroundings,
): Judged {
  const seen = planned(definition, occurrence.step);
  const { remarks, sides } = seen;
  const change = changeOf(definition, occurrence, seen, surroundings);
  const priced = pricedIn(definition, occurrence, seen);
  return {
    ...{ change: change && { ...change, priced }, remarks, exposed: sides.exposed },
    concealed: concealedIn(definition, occurrence.step, sides),
  };
}

function changeOf(
  definition: Definition,
  occurrence: Occurrence,
  seen: Planned,
  surroundings: Surroundings,
): OwnChange | undefined {
  const showing = { definition, step: occurrence.step, ...seen };
  switch (occurrence.operation) {
    case "create":
      return creation(showing, occurrence);
    case "delete":
      return deletion(showing, occurrence, surroundings);
    case "replace":
      return seen.plan?.action === "refuse"
        ? refusal(showing, seen.plan)
        : replacement({ ...showing, ...seen }, occurrence, surroundings);
    case "update":
      return seen.plan?.action === "refuse"
        ? refusal(showing, seen.plan)
        : update({ ...showing, ...seen });
    case "import":
      return quiet("import", effects.imported);
    case "read":
      return quiet("read", effects.read);
    case "keep":
      return keeping({ ...showing, ...seen });
  }
}

function creation(showing: Showing, occurrence: Occurrence): OwnChange {
  const { definition, sides, hidden } = showing;
  const properties = allProperties(showing, occurrence);
  return {
    operation: "create",
    effect: effectsOf.effectOfCreation(definition, sides.news),
    reasons: occurrence.isGone ? ["a refresh did not find it any more"] : [],
    properties,
    notes: notes.noteOfHidden(properties, hidden),
  };
}

function deletion(
  showing: Showing,
  occurrence: Occurrence,
  { deleted, usesHooks }: Surroundings,
): OwnChange {
  const { definition, step, sides, hidden } = showing;
  const operation = outcomeOf(occurrence);
  const isAbandoned = operation === "abandon";
  const effect = isAbandoned ? effects.abandoned : definition.whenDeleted(sides.state);
  const properties = isAbandoned ? [] : allProperties(showing, occurrence);
  const isLost = effect.kind === "data loss";
  return {
    operation,
    effect,
    reasons: reasonsToDelete(occurrence, deleted),
    properties,
    notes: [
      ...(operation === "refuse" ? [notes.noteOfRefusal("delete")] : []),
      ...(isLost ? notes.noteOfHooks(step, usesHooks) : []),
      ...notes.noteOfHidden(properties, hidden),
    ],
  };
}

function reasonsToDelete({ step, isLeftOver }: Occurrence, deleted: ReadonlySet<string>): string[] {
  const { old } = step;
  const deletedWith = old?.deletedWith;
  return [
    ...(isLeftOver ? ["an earlier run replaced it, and failed before it deleted the old one"] : []),
    ...(old?.retainOnDelete === true ? ["the program says so (`retainOnDelete`)"] : []),
    ...(deletedWith !== undefined && deleted.has(deletedWith)
      ? [
          `it goes with ${logicalName(deletedWith)} (\`deletedWith\`): the provider is not asked to delete it`,
        ]
      : []),
  ];
}

function replacement(
  showing: Showing & Planned,
  occurrence: Occurrence,
  { replaced, usesHooks }: Surroundings,
): OwnChange {
  const { definition, step, sides, plan, hidden } = showing;
  const { old } = step;
  const asked = plan?.action === "replace" ? plan : undefined;
  const isRecreated = occurrence.isRecreated === true;
  const collision = isRecreated ? undefined : collisionOf(definition, occurrence, showing);
  const outcome = outcomeOf(occurrence);
  const operation = collision ? "refuse" : outcome;
  const isRetained = old?.retainOnDelete === true;
  const order = occurrence.order ?? asked?.order;
  const effect = isRecreated
    ? effects.recreated
    : effectsOf.effectOfReplacement(definition, sides.state, asked, { order, isRetained });
  const properties = changedProperties(showing, plan, asked !== undefined);
  const autonamed = Boolean(sides.autonamed);
  const observed = { ...sides, autonamed, observed: sides.state, desired: sides.news };
  return {
    operation,
    order,
    effect,
    reasons: isRecreated
      ? ["an earlier run deleted the old one, and failed before it created the new one"]
      : (asked?.reasons ?? reasonsToReplace(step, replaced)),
    properties,
    notes: [
      ...(outcome === "refuse" ? [notes.noteOfRefusal("replace")] : []),
      ...(collision ? [noteOfCollision(collision)] : []),
      ...(asked || isRecreated ? [] : refusalsOf(definition.plan, observed).map(asNote)),
      ...(effect.kind === "data loss" ? notes.noteOfHooks(step, usesHooks) : []),
      ...notes.notesOfPlan(asked),
      ...noteOfValues(plan),
      ...notes.noteOfHidden(properties, hidden),
    ],
  };
}

/** What a rule forbids, where the engine asks no rule. */
function asNote(why: string): string {
  return `\`pulumi up\` will fail: ${why}.`;
}

function update(showing: Showing & Planned): OwnChange {
  const { step, plan, hidden } = showing;
  const asked = plan?.action === "update" ? plan : undefined;
  const properties = changedProperties(showing, plan, asked !== undefined);
  return {
    operation: "update",
    effect: effectsOf.effectOfUpdate(plan),
    reasons: asked?.reasons ?? reasonsToUpdate(showing),
    properties,
    notes: [
      ...(plan?.action === "replace" ? [unexpected] : []),
      ...notes.notesOfPlan(asked),
      ...notes.notesOfProtection(step),
      ...noteOfValues(plan),
      ...notes.noteOfHidden(properties, hidden),
    ],
  };
}

const unexpected =
  "This version of `formations` expects a replacement where the provider plans an update: use the version that the stack uses.";

function reasonsToUpdate({ step }: Showing): string[] {
  const { op, old } = step;
  if (!isKnownOperation(op)) return ["the engine names an operation that is not known here"];
  const errors = old?.initErrors;
  return Array.isArray(errors) && errors.length > 0
    ? ["its creation or last change did not end; this resumes it"]
    : [];
}

function noteOfValues(plan: Plan | undefined): string[] {
  return plan
    ? []
    : [
        "The preview lacks values, or has some of unexpected types: the change could not be examined in detail.",
      ];
}

function refusal(showing: Showing, plan: Plan): OwnChange {
  const refused = plan.changes.filter(({ action }) => action === "refuse");
  return {
    operation: "refuse",
    effect: effects.refused,
    reasons: [...new Set([...refused.map(({ why }) => why), ...plan.reasons])],
    properties: changedProperties(showing, { ...plan, changes: refused }, true),
    notes: [],
  };
}

/** Something of which nothing else is to be said. */
function quiet(operation: Operation, effect: OwnChange["effect"]): OwnChange {
  return { operation, effect, reasons: [], properties: [], notes: [] };
}

/** Drift that is kept, and what the program says of it besides its properties. */
function keeping({ plan, step }: Planned & Showing): OwnChange | undefined {
  const kept = plan?.action === "keep" ? notes.notesOfPlan(plan) : [];
  const all = [...kept, ...notes.notesOfProtection(step)];
  return all.length > 0 ? { ...quiet("keep", effects.kept), notes: all } : undefined;
}
