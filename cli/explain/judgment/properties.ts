import { isDeepStrictEqual } from "node:util";
import type { Definition } from "../../../provider/resource/definition";
import { type Plan, type PropertyPlan, same } from "../../../provider/resource/plan";
import { effectKinds } from "../../../provider/resource/plan-rules";
import { below } from "../../../provider/resource/secrets";
import type { Values } from "../../../provider/resource/values";
import type { PropertyChange, Shown, Step } from "../model";
import type { Occurrence } from "./occurrences";
import { evidenceOf, hidesChange, type Sides } from "./sides";
import { shown } from "./values";

/** What properties are shown by. */
export interface Showing {
  definition: Definition;
  step: Step;
  sides: Sides;
  /** Properties whose values the program hides. */
  hidden: ReadonlySet<string>;
}

/** The inputs of what is created, or of what is deleted. */
export function allProperties(
  showing: Showing,
  { operation }: Pick<Occurrence, "operation">,
): PropertyChange[] {
  const { definition, sides } = showing;
  const isDeleted = operation === "delete";
  const values = isDeleted ? sides.state : sides.news;
  const absent: Shown = { kind: "absent" };
  return Object.keys(definition.inputs.shape).flatMap((property) => {
    const value = show(showing, property, values);
    if (value.kind === "absent") return [];
    const [from, to] = isDeleted ? [value, absent] : [absent, value];
    return [{ property, from, to }];
  });
}

/**
 * What changes of a resource that stays or is replaced: what the plan decides on, those with the worst
 * effects first; then what else the program changed; then secrets that may have changed.
 *
 * @param isDecided whether the engine does what the plan says, so that its reasons hold
 */
export function changedProperties(
  showing: Showing,
  plan: Plan | undefined,
  isDecided: boolean,
): PropertyChange[] {
  const { definition } = showing;
  const decided = (plan?.changes ?? []).map((one) => changeOf(showing, one, isDecided));
  const others = Object.keys(definition.inputs.shape)
    .filter((property) => !decided.some((one) => one.property === property))
    .flatMap((property) => undecided(showing, property) ?? []);
  return [...decided.toSorted((a, b) => rank(a) - rank(b)), ...others];
}

function changeOf(showing: Showing, planned: PropertyPlan, isDecided: boolean): PropertyChange {
  const { property, action, to, undecided: isOpen, why, effect } = planned;
  const { state, applied } = showing.sides;
  return {
    ...withSecret(showing, {
      property,
      // The state of an import lacks what the server never returns.
      from: show(showing, property, state[property] === undefined ? applied : state),
      to: isOpen ? { kind: "unknown" } : show(showing, property, { [property]: to }),
    }),
    ...(isDecided && { why, effect: effect ?? (action === "update" ? inPlace : undefined) }),
  };
}

/** What an update does of which the plan says nothing else. */
export const inPlace = {
  kind: "in place",
  text: "changed in place, without interruption",
} as const;

/** An input that the program changed and the plan keeps, or that may be another secret. */
function undecided(showing: Showing, property: string): PropertyChange | undefined {
  const { definition, sides, step } = showing;
  const { applied, news } = sides;
  const from = show(showing, property, applied);
  const to = show(showing, property, news);
  const change = { property, from, to };
  const evidence = evidenceOf(step, property);
  if (hidesChange(sides, property)) {
    if (evidence === "changed") return withSecret(showing, change);
    const mayDiffer = evidence === "not known" && from.kind !== "absent" && to.kind !== "absent";
    return mayDiffer ? { ...change, mayDiffer } : undefined;
  }
  return same(definition.plan, property, applied[property], news[property]) ? undefined : change;
}

/** A change that shows alike on both sides is one of the secret in it, the same as of a secret alone. */
function withSecret({ sides }: Showing, change: PropertyChange): PropertyChange {
  const isAlike = isDeepStrictEqual(change.from, change.to);
  const secret: Shown = { kind: "secret" };
  return isAlike && hidesChange(sides, change.property)
    ? { ...change, from: secret, to: secret }
    : change;
}

function show({ sides, hidden }: Showing, property: string, values: Values): Shown {
  const value = shown(values[property], below(sides.secrets, property));
  return hidden.has(property) && value.kind === "value" ? { kind: "secret" } : value;
}

function rank({ effect }: PropertyChange): number {
  return effect ? effectKinds.indexOf(effect.kind) : effectKinds.length;
}
