import { propertiesOf, type Schema } from "../resource/json-schema";
import { isReplaceOnly } from "../resource/plan";
import type { PlanRules } from "../resource/plan-rules";

/** What only a replacement does, said of each such input. */
const replaces = "A change replaces the resource.";

/**
 * A schema of inputs as who gives them reads it. A description says what a value is, wherever it stands; to
 * that of an input belong its limits, its default and what a change does too.
 *
 * @param plan of the resource that takes the inputs; absent: they are arguments of a call, and don't change
 */
export function asGiven(schema: Schema, plan?: PlanRules): Schema {
  if (!schema.properties) return schema;
  const described = propertiesOf(schema).map(({ name, schema: property }) => {
    const changed = plan && [isReplaceOnly(name, plan) ? replaces : "", property.whenChanged];
    const description = sentences([givenText(property), ...(changed ?? [])]);
    return [name, { ...asGiven(property), description }];
  });
  return { ...schema, properties: Object.fromEntries(described) };
}

/** The description of an input with its limits and its default, without what a change does. */
export function givenText({ description, given, whenAbsent }: Schema): string {
  return sentences([description, given, whenAbsent && `Default: ${whenAbsent}.`]);
}

function sentences(all: readonly (string | undefined)[]): string {
  return all.filter(Boolean).join(" ");
}
