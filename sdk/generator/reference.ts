import { functions, resources } from "../../provider";
import type { Definition, FunctionDefinition } from "../../provider/resource/definition";
import { propertiesOf, type Schema, schemaOf } from "../../provider/resource/json-schema";
import { holdsSecret, secretsIn } from "../../provider/resource/secrets";
import { token } from "../../provider/resource/urn";
import { functionExample, resourceExample } from "../../provider/schema/examples/example";
import type { Publication } from "../../provider/schema/publication";
import type { Side } from "../../provider/schema/types";
import { foldedExamples } from "./languages";
import { code } from "./markdown";

/**
 * The reference in Markdown: every resource and function, read from the schemas.
 *
 * @param publication what the packages that its examples import are called by
 */
export function reference(publication: Publication): string {
  return [
    "# Reference",
    "This page lists every input and output of the resources, and every argument and result of the functions. It is generated from the definitions. Sizes are whole numbers of GB; times are RFC 3339 in UTC. The examples use the SDKs; in TypeScript, the classes of `pulumi-formations` have the same names.",
    "## Resources",
    ...resources.map((definition) => resourceSection(definition, publication)),
    "## Functions",
    "Each function also has a form that ends in `Output`. It accepts outputs of other resources and returns an output. Use it if the result holds a secret: it keeps the result secret.",
    ...functions.map((definition) => functionSection(definition, publication)),
  ]
    .join("\n\n")
    .concat("\n");
}

function resourceSection(definition: Definition, publication: Publication): string {
  const { name, description, id, inputs, outputs, listing } = definition;
  const query = listing ? schemaOf(listing.query) : {};
  const narrowing = propertiesOf(query).length > 0 ? [properties(query, "output")] : [];
  return [
    `### ${name}`,
    description,
    `ID: ${id}.`,
    foldedExamples("resource", resourceExample(definition), publication),
    "Inputs:",
    properties(schemaOf(inputs), "input"),
    "Outputs besides the inputs:",
    propertiesOf(schemaOf(outputs)).length > 0
      ? properties(schemaOf(outputs), "output")
      : "None that change with time.",
    ...narrowing.flatMap((rows) => [`Inputs of \`pulumi do ${token(name)} list\`:`, rows]),
  ].join("\n\n");
}

function functionSection(definition: FunctionDefinition, publication: Publication): string {
  const { name, description, args, result } = definition;
  const given = schemaOf(args);
  const folded = foldedExamples("call", functionExample(definition), publication);
  const parts = [`### ${name}`, description, folded];
  if (propertiesOf(given).length > 0) parts.push("Arguments:", properties(given, "input"));
  return [...parts, "Result:", properties(schemaOf(result), "output")].join("\n\n");
}

function properties(schema: Schema, side: Side): string {
  return linesOf(schema, "", side).join("\n");
}

/** One line per property, followed by those of nested objects, by path. */
function linesOf(schema: Schema, prefix: string, side: Side): string[] {
  return propertiesOf(schema).flatMap(({ name, schema: property, required }) => {
    const path = `${prefix}${name}`;
    const marks = [
      required ? "" : "optional",
      holdsSecret(secretsIn(property)) ? "secret" : "",
    ].filter(Boolean);
    const type = [typeName(property), ...marks].join(", ");
    const nested = property.items ?? property;
    const below = `${path}${property.items ? "[]" : ""}.`;
    const inner = nested.properties ? linesOf(nested, below, side) : [];
    return [`- ${code(path)} (${type}): ${descriptionOf(property, side)}`, ...inner];
  });
}

function descriptionOf({ description = "", known }: Schema, side: Side): string {
  if (!known || side === "output") return description;
  return `${description} Known values: ${known.map(code).join(", ")}; other values are accepted with a warning.`;
}

function typeName(schema: Schema): string {
  if (schema.enum || schema.const !== undefined) return typeof (schema.enum?.[0] ?? schema.const);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeName))].join(" or ");
  if (schema.type === "array") return `list of ${typeName(schema.items ?? {})}`;
  if (schema.type === "object" && !schema.properties) return "map";
  return schema.type ?? "any";
}
