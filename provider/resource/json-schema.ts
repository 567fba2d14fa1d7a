import { z } from "zod";

/** A JSON Schema as zod makes it, with facts of `meta`: what is read of it here. */
export interface Schema {
  type?: string;
  /** The name of its type, where several properties share one: `Tune`. */
  title?: string;
  description?: string;
  enum?: (string | number | boolean)[];
  const?: string | number | boolean;
  default?: string | number | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  $ref?: string;
  /** The known values of an open list. */
  known?: string[];
  secret?: boolean;
  writeOnly?: boolean;
  given?: string;
  whenAbsent?: string;
  whenChanged?: string;
}

/**
 * The JSON Schema of a schema's values.
 *
 * @param io `input`: values as they are given; `output`: as they are after the check
 */
export function schemaOf(schema: z.ZodType, io: "input" | "output" = "output"): Schema {
  // zod's own type leaves facts of `meta` unknown; property.ts says what they are.
  return z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Schema;
}

/** A property of an object. */
export interface Property {
  name: string;
  schema: Schema;
  required: boolean;
}

/** The properties of an object in the order of its schema. */
export function propertiesOf(schema: Schema): Property[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    schema: property,
    required: required.has(name),
  }));
}
