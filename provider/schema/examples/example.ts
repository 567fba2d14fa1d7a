import { z } from "zod";
import type { Definition, FunctionDefinition } from "../../resource/definition";
import { propertiesOf, schemaOf } from "../../resource/json-schema";
import { packageName } from "../../resource/urn";
import type { PackageNames } from "../publication";
import { Types, upperFirst } from "../types";

/** One input or argument of an example. */
export interface ExampleInput {
  name: string;
  /** Its value; undefined: it is a secret, which comes from the program's configuration. */
  value: string | number | boolean | undefined;
  /** The schema's list of values that it is one of: `Region`. Undefined: any value of its type will do. */
  list: string | undefined;
}

/** A resource or a function, with what a first program gives it. */
export interface Example {
  /** Its name in the package: `Formation`, `getFormation`. */
  name: string;
  inputs: readonly ExampleInput[];
  /** Whether there are inputs that the example could give. */
  takesInputs: boolean;
}

/** How a language writes a program of one resource, and of one call of a function. */
export interface Language {
  resource(example: Example, names: PackageNames): string;
  call(example: Example, names: PackageNames): string;
}

/** What values of an example are: each language writes them in its own way. */
const literals = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** The example of a resource. Secrets that it needs come from configuration, so it has no value for them. */
export function resourceExample({ name, example, inputs }: Definition): Example {
  return exampleOf(name, name, example, inputs);
}

/** The example of a function, in the same way. */
export function functionExample({ name, example, args }: FunctionDefinition): Example {
  return exampleOf(name, upperFirst(name), example, args);
}

function exampleOf(name: string, owner: string, values: object = {}, given: z.ZodType): Example {
  const schema = schemaOf(given);
  const specs = new Types(packageName).properties(owner, schema, "input");
  const secrets = propertiesOf(schema).filter((one) => one.required && one.schema.secret);
  const named = [
    ...Object.entries(literals.parse(values)),
    ...secrets.map(({ name }) => [name, undefined] as const),
  ];
  const inputs = named.map(([name, value]) => {
    return { name, value, list: specs[name]?.$ref?.split(":").at(-1) };
  });
  return { name, inputs, takesInputs: propertiesOf(schema).length > 0 };
}

/** What a program calls the resource: `appFormation`. */
export function resourceVariable({ name }: Example): string {
  return `${name[0]?.toLowerCase()}${name.slice(1)}`;
}

/** What a program calls the result of a function: `formations` would be the package itself. */
export function resultVariable({ name }: Example): string {
  return name.replace(/^get/, "found");
}

/** The inputs that come from the program's configuration. */
export function secretsOf({ inputs }: Example): ExampleInput[] {
  return inputs.filter(({ value }) => value === undefined);
}

/** A text, a number or a boolean as JSON writes it, and most languages do. */
export function literal({ value }: ExampleInput): string {
  return JSON.stringify(value);
}

export function indented(lines: readonly string[], by: string): string[] {
  return lines.map((line) => (line === "" ? line : `${by}${line}`));
}
