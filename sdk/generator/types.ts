import { propertiesOf, type Schema } from "../../provider/resource/json-schema";

/** How the values inside a type are given: `plain`, or as `pulumi.Input`s. */
export type Flavour = "plain" | "input";

/** A schema as a TypeScript type. */
export function typeText(schema: Schema, flavour: Flavour): string {
  const text = bareType(schema, flavour);
  return flavour === "input" ? `pulumi.Input<${text}>` : text;
}

/** The members of an interface, each with its description. */
export function members(schema: Schema, flavour: Flavour, indent = "  "): string {
  return propertiesOf(schema)
    .map(({ name, schema: property, required }) => {
      const mark = required ? "" : "?";
      return `${docComment(property.description, indent)}${indent}readonly ${name}${mark}: ${typeText(property, flavour)};\n`;
    })
    .join("");
}

/** A description as a doc comment, or nothing. */
export function docComment(description: string | undefined, indent = ""): string {
  if (!description) return "";
  const lines = description.replaceAll("*/", "*\\/").split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

function bareType(schema: Schema, flavour: Flavour): string {
  const literals =
    schema.enum ?? schema.known ?? (schema.const === undefined ? undefined : [schema.const]);
  if (literals) return literalType(literals, flavour);
  if (schema.anyOf) return schema.anyOf.map((option) => bareType(option, flavour)).join(" | ");
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `${typeText(schema.items ?? {}, flavour)}[]`;
    case "object":
      return objectType(schema, flavour);
    default:
      return "unknown";
  }
}

/**
 * The values, for an editor to offer. As an input any string or number is accepted, since programs read
 * them from configuration; the preview checks them.
 */
function literalType(values: (string | number | boolean)[], flavour: Flavour): string {
  if (values.every((value) => typeof value === "number")) return "number";
  const union = values.map((value) => JSON.stringify(value)).join(" | ");
  return flavour === "input" ? `Suggested<${union}>` : "string";
}

function objectType(schema: Schema, flavour: Flavour): string {
  if (schema.properties) return `{\n${members(schema, flavour)}}`;
  const { additionalProperties } = schema;
  const values = typeof additionalProperties === "object" ? additionalProperties : {};
  return `Record<string, ${typeText(values, flavour)}>`;
}
