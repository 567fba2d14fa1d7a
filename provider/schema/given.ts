import { propertiesOf, type Schema } from "../resource/json-schema";
import type { Action, PlanRules } from "../resource/plan-rules";

/** What a change of an input does, where it always does the same and nothing more is to be said. */
const always: Partial<Record<Action, string>> = {
  replace: "A change replaces the resource.",
  update: "A change is carried out in place.",
};

/**
 * A schema of inputs as who gives them reads it. A description says what a value is, wherever it stands; to
 * that of an input belong its limits, its default and what a change does too.
 *
 * @param plan of the resource that takes the inputs; absent: they are arguments of a call, and don't change
 */
export function asGiven(schema: Schema, plan?: PlanRules): Schema {
  if (!schema.properties) return schema;
  const described = propertiesOf(schema).map(({ name, schema: property }) => {
    const description = sentences([givenText(property), plan && changeText(name, property, plan)]);
    return [name, { ...asGiven(property), description }];
  });
  return { ...schema, properties: Object.fromEntries(described) };
}

/** The description of an input with its limits and its default, without what a change does. */
export function givenText({ description, given, whenAbsent }: Schema): string {
  return sentences([description, given, whenAbsent && `Default: ${whenAbsent}.`]);
}

/** What a change of an input can become, by the rules of its resource. */
export function actionsOf(property: string, plan: PlanRules): ReadonlySet<Action> {
  const own = plan.properties.filter(
    ({ properties, on = ["changed"] }) => properties.includes(property) && on.includes("changed"),
  );
  return new Set(own.map(({ becomes }) => becomes));
}

function changeText(name: string, { whenChanged }: Schema, plan: PlanRules): string {
  const actions = actionsOf(name, plan);
  const replaces = actions.has("replace") ? always.replace : undefined;
  const [only, ...others] = actions;
  const usual = only && others.length === 0 && !whenChanged ? always[only] : replaces;
  return sentences([usual, whenChanged]);
}

function sentences(all: readonly (string | undefined)[]): string {
  return all.filter(Boolean).join(" ");
}
