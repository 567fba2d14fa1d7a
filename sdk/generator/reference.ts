import { functions, resources } from "../../provider";
import { commonConfig, environmentVariable } from "../../provider/resource/config";
import type { Definition, FunctionDefinition, System } from "../../provider/resource/definition";
import {
  type Property,
  propertiesOf,
  type Schema,
  schemaOf,
} from "../../provider/resource/json-schema";
import { holdsSecret, secretsIn } from "../../provider/resource/secrets";
import { token } from "../../provider/resource/urn";
import type { Side } from "../../provider/schema/types";
import { code } from "./markdown";

/** The reference in Markdown: every resource and function, read from the schemas. */
export function reference(): string {
  return [
    "# Reference",
    "This page lists every input and output of the resources, and every argument and result of the functions. It is generated from the definitions. Sizes are whole numbers of GB; times are RFC 3339 in UTC.",
    "## Resources",
    ...resources.map(resourceSection),
    "## Functions",
    "Each function also has a form that ends in `Output`. It accepts outputs of other resources and returns an output. Use it if the result holds a secret: it keeps the result secret.",
    ...functions.map(functionSection),
  ]
    .join("\n\n")
    .concat("\n");
}

/** Every configuration key in Markdown: those of each system, then those that all systems read. */
export function configurationKeys(): string {
  const systems = new Set<System>(resources.map(({ system }) => system));
  const common = propertiesOf(schemaOf(commonConfig));
  const isCommon = ({ name }: Property) => common.some((one) => one.name === name);
  const own = [...systems].flatMap(({ title, config }) => {
    const keys = propertiesOf(schemaOf(config)).filter((key) => !isCommon(key));
    return [`### ${title}`, keys.map(configurationKey).join("\n")];
  });
  return [...own, "### All systems", common.map(configurationKey).join("\n")].join("\n\n");
}

function configurationKey({ name, schema }: Property): string {
  const { description = "", secret, default: standard } = schema;
  const marks = [
    standard === undefined || standard === "" ? "" : ` Default: ${code(`${standard}`)}.`,
    secret ? " **Secret.**" : "",
  ];
  const keys = `${code(name)}, ${code(environmentVariable(name))}`;
  return `- ${keys}: ${description}${marks.join("")}`;
}

function resourceSection(definition: Definition): string {
  const { name, description, id, inputs, outputs, listing } = definition;
  const query = listing ? schemaOf(listing.query) : {};
  const narrowing = propertiesOf(query).length > 0 ? [properties(query, "output")] : [];
  return [
    `### ${name}`,
    description,
    `ID: ${id}.`,
    "Inputs:",
    properties(schemaOf(inputs), "input"),
    "Outputs besides the inputs:",
    propertiesOf(schemaOf(outputs)).length > 0
      ? properties(schemaOf(outputs), "output")
      : "None that change with time.",
    ...narrowing.flatMap((rows) => [`Inputs of \`pulumi do ${token(name)} list\`:`, rows]),
  ].join("\n\n");
}

function functionSection({ name, description, args, result }: FunctionDefinition): string {
  const given = schemaOf(args);
  const parts = [`### ${name}`, description];
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
