import { isDeepStrictEqual } from "node:util";
import { propertiesOf, type Schema } from "../resource/json-schema";
import type { EnumSpec, ObjectSpec, PropertySpec, TypeSpec } from "./package-spec";

/**
 * Whether a type is for inputs or for outputs. A program gives one of a list of values; a server may
 * return others, so outputs are open.
 */
export type Side = "input" | "output";

/** The named types of a package, collected from the properties that use them. */
export class Types {
  readonly #types = new Map<string, ObjectSpec | EnumSpec>();
  readonly #scope: string;

  constructor(scope: string) {
    this.#scope = scope;
  }

  /** Every named type by token, in alphabetical order. */
  all(): Record<string, ObjectSpec | EnumSpec> {
    return Object.fromEntries([...this.#types].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** An object with its properties. */
  object(owner: string, schema: Schema, side: Side): ObjectSpec {
    const required = schema.required?.length ? { required: schema.required } : {};
    return { type: "object", properties: this.properties(owner, schema, side), ...required };
  }

  /** An object's properties by name. */
  properties(owner: string, schema: Schema, side: Side): Record<string, PropertySpec> {
    return Object.fromEntries(
      propertiesOf(schema).map(({ name, schema: property }) => [
        name,
        this.property(owner, name, property, side),
      ]),
    );
  }

  /** One property. Its types are named after its owner and itself, unless they have a title. */
  property(owner: string, name: string, schema: Schema, side: Side): PropertySpec {
    return {
      ...this.#typeOf(`${owner}${upperFirst(name)}`, schema, side),
      ...(schema.description !== undefined && { description: schema.description }),
      ...(schema.secret && { secret: true }),
    };
  }

  #typeOf(name: string, schema: Schema, side: Side): TypeSpec {
    if (schema.enum) return this.#enumOf(schema.title ?? name, schema.enum, side);
    if (schema.known) return this.#openEnum(schema.title ?? name, schema.known, side);
    if (schema.type === "array") {
      const items = this.#typeOf(name.replace(/s$/, ""), schema.items ?? {}, side);
      return { type: "array", items };
    }
    if (schema.type === "object" && schema.properties) {
      return this.#reference(name, this.object(name, schema, side));
    }
    if (schema.type === "object") {
      const values =
        typeof schema.additionalProperties === "object" ? schema.additionalProperties : {};
      return { type: "object", additionalProperties: this.#typeOf(name, values, side) };
    }
    return { type: primitive(schema.type) };
  }

  /**
   * YAML's type checker does not know that a number can be one of an enum of numbers, and mentions it when
   * anything else is wrong. As a plain number it would refuse programs that give it as a string.
   */
  #enumOf(name: string, values: readonly (string | number | boolean)[], side: Side) {
    const type: EnumSpec["type"] = values.every((value) => typeof value === "string")
      ? "string"
      : values.every(Number.isInteger)
        ? "integer"
        : "number";
    if (side === "output") return { type };
    return this.#reference(name, { type, enum: values.map((value) => ({ value })) });
  }

  /** Any string, with the known values to choose from. */
  #openEnum(name: string, known: readonly string[], side: Side): TypeSpec {
    const text: TypeSpec = { type: "string" };
    return side === "output" ? text : { ...text, oneOf: [text, this.#enumOf(name, known, side)] };
  }

  #reference(name: string, spec: ObjectSpec | EnumSpec): TypeSpec {
    const token = `${this.#scope}:index:${name}`;
    const before = this.#types.get(token);
    if (before && !isDeepStrictEqual(before, spec))
      throw new TypeError(`Type ${token} is defined twice with different shapes.`);
    this.#types.set(token, spec);
    return { $ref: `#/types/${token}` };
  }
}

function primitive(type: string | undefined): TypeSpec["type"] {
  switch (type) {
    case "string":
    case "boolean":
    case "integer":
    case "number":
      return type;
    default:
      throw new TypeError(`A property of the package cannot have the type ${type}.`);
  }
}

/** `GetFormation` for `getFormation`, `CoordinatorTune` for `coordinatorTune`. */
export function upperFirst(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}`;
}
