import type { Values } from "../../../provider/resource/values.ts";

/** A resource of a program. */
export interface Declared {
  /** Its name in the package: `Formation`. */
  type: string;
  properties: Values;
  /** Pulumi's own options, by the names that TypeScript and YAML share. */
  options?: Values;
}

/** The resources of a program, by their logical names. */
export type Program = Readonly<Record<string, Declared>>;

/** A resource of the program, or an output of it. */
export class Reference {
  readonly resource: string;
  readonly output: string | undefined;

  constructor(resource: string, output?: string) {
    this.resource = resource;
    this.output = output;
  }

  /** The same text in both languages. */
  get path(): string {
    return this.output === undefined ? this.resource : `${this.resource}.${this.output}`;
  }
}

/** A text that is known only once an output is, which must be a text too: YAML mixes no types. */
export class Late {
  readonly value: string;
  readonly after: Reference;

  constructor(value: string, after: Reference) {
    this.value = value;
    this.after = after;
  }
}

/** The program as index.ts, with the package's classes; each resource is an output of the stack. */
export function inTypeScript(program: Program): string {
  const types = [...new Set(Object.values(program).map(({ type }) => type))];
  const resources = Object.entries(program).map(([name, { type, properties, options = {} }]) => {
    const args = `${typeScript(properties)}, ${typeScript(options)}`;
    return `export const ${name} = new ${type}("${name}", ${args});`;
  });
  return [`import { ${types.join(", ")} } from "pulumi-formations";`, ...resources].join("\n");
}

function typeScript(value: unknown): string {
  if (value instanceof Reference) return value.path;
  if (value instanceof Late) return `${value.after.path}.apply(() => ${typeScript(value.value)})`;
  if (Array.isArray(value)) return `[${value.map(typeScript).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(JSON.stringify(value));
  const entries = Object.entries(value).map(([key, one]) => `${key}: ${typeScript(one)}`);
  return `{ ${entries.join(", ")} }`;
}

/** The program's resources in the words of Pulumi's YAML, as JSON. */
export function inYaml(program: Program): Record<string, Declared> {
  return Object.fromEntries(
    Object.entries(program).map(([name, { type, properties, options }]) => [
      name,
      {
        type: `formations:index:${type}`,
        properties: yamlOf(properties),
        ...(options && { options: yamlOf(options) }),
      },
    ]),
  );
}

function yamlOf(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, yaml(value)]));
}

function yaml(value: unknown): unknown {
  if (value instanceof Reference) return `$\{${value.path}}`;
  if (value instanceof Late) return { "fn::select": [0, [value.value, yaml(value.after)]] };
  if (Array.isArray(value)) return value.map(yaml);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, yaml(one)]));
}
