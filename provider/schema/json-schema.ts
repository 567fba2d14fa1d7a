import { z } from "zod";

/** What is read of a JSON Schema made by zod. Facts of the provider's own are among it. */
export interface Schema {
  type?: string;
  /** The name of its type, where several properties share one: `Tune`. */
  title?: string;
  description?: string;
  enum?: (string | number | boolean)[];
  /** The values that are known of an open list. */
  known?: string[];
  const?: string | number | boolean;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  default?: string | number | boolean;
  secret?: boolean;
  writeOnly?: boolean;
}

/** The JSON Schema of what a schema's checked values are. */
export function schemaOf(schema: z.ZodObject): Schema {
  return z.toJSONSchema(schema, { io: "output", unrepresentable: "any" }) as Schema;
}

/** The properties of an object in the order of its schema. */
export function propertiesOf(
  schema: Schema,
): { name: string; schema: Schema; required: boolean }[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    schema: property,
    required: required.has(name),
  }));
}

/** Whether a value holds a secret at any depth. */
export function holdsSecret(schema: Schema): boolean {
  const nested = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...(typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : []),
  ];
  return schema.secret === true || nested.some(holdsSecret);
}
