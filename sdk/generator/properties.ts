import { type Property, propertiesOf, type Schema } from "../../provider/resource/json-schema";
import type { Action, PlanRules } from "../../provider/resource/plan-rules";
import { holdsSecret, secretsIn } from "../../provider/resource/secrets";
import { actionsOf, givenText } from "../../provider/schema/given";
import { code } from "./markdown";

/* Properties as pages list them: one item each, those of nested objects by their path. */

/** A property, with the path by which a page names it. */
export interface Listed extends Property {
  path: string;
}

/**
 * What a program gives.
 *
 * @param plan of the resource; absent: they are arguments of a call
 */
export function inputList(schema: Schema, plan?: PlanRules): string {
  const items = listed(schema).map((property) => {
    const { schema: shape, path } = property;
    const changed = plan && changeOf(path.split(/[.[]/)[0] ?? path, plan);
    const marks = [...marksOf(property, property.required ? "required" : ""), changed];
    const text = [givenText(shape), plan && shape.whenChanged, valuesOf(property)];
    return item(path, marks, text);
  });
  return items.join("\n");
}

/** What a server adds, or a call returns. */
export function outputList(schema: Schema): string {
  return listed(schema).map(outputItem).join("\n");
}

/** One item of {@link outputList}. */
export function outputItem(property: Listed): string {
  return item(property.path, outputMarks(property), [property.schema.description]);
}

/** Its type, and whether it may be absent or holds a secret. */
export function outputMarks(property: Listed): string[] {
  return marksOf(property, property.required ? "" : "may be absent");
}

/** The properties of a schema, each followed by those within it. */
export function listed(schema: Schema, before = ""): Listed[] {
  return propertiesOf(schema).flatMap((property) => {
    const path = `${before}${property.name}`;
    const { items } = property.schema;
    return [
      { ...property, path },
      ...listed(items ?? property.schema, `${path}${items ? "[]" : ""}.`),
    ];
  });
}

/** The lists of values that several inputs share, by the name of their type. */
export function sharedValues(schema: Schema): string {
  const lists = listed(schema).flatMap((property) =>
    property.schema.title && isLong(property)
      ? [`- ${code(property.schema.title)}: ${property.schema.enum?.map(quoted).join(", ")}`]
      : [],
  );
  return [...new Set(lists)].join("\n");
}

function item(path: string, marks: readonly (string | undefined)[], text: (string | undefined)[]) {
  return `- ${code(path)} (${marks.filter(Boolean).join(", ")}): ${text.filter(Boolean).join(" ")}`;
}

function marksOf({ schema }: Property, presence: string): string[] {
  const secret = holdsSecret(secretsIn(schema)) ? "secret" : "";
  return [typeName(schema), presence, secret].filter(Boolean);
}

/** The values that an input takes, unless its description has them already. */
function valuesOf(property: Property): string | undefined {
  const { known, title } = property.schema;
  if (known) return `Known: ${known.map(code).join(", ")}; others are accepted with a warning.`;
  if (isLong(property)) return `One of the [values of ${code(title ?? "")}](#values).`;
  return undefined;
}

function isLong({ schema }: Property): boolean {
  const text = givenText(schema);
  return schema.enum?.some((value) => !text.includes(String(value))) ?? false;
}

function quoted(value: unknown): string {
  return code(String(value));
}

/** What a page calls each action, in the order in which it names several. */
const changes = [
  ["update", "in place"],
  ["keep", "no effect"],
  ["refuse", "refused"],
  ["replace", "**replaces**"],
] as const satisfies readonly (readonly [Action, string])[];

/** What a change of an input becomes: one of several, if a rule has a condition. */
function changeOf(property: string, plan: PlanRules): string {
  const actions = actionsOf(property, plan);
  const words = changes.filter(([action]) => actions.has(action));
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(
    words.map(([, word]) => word),
  );
}

function typeName(schema: Schema): string {
  if (schema.enum || schema.const !== undefined) return typeof (schema.enum?.[0] ?? schema.const);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeName))].join(" or ");
  if (schema.type === "array") return `list of ${typeName(schema.items ?? {})}`;
  if (schema.type === "object" && !schema.properties) return "map";
  return schema.type ?? "any";
}
