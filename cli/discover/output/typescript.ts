import type { Values } from "../../../provider/resource/values";
import { propertiesOf } from "./entry";
import type { Named } from "./names";
import { secretInputs } from "./secret-values";

/** A program that declares what was found with the package's classes. */
export interface TypeScriptProgram {
  text: string;
  /** The configuration that it takes secrets from, by key. */
  secrets: string[];
}

/**
 * Writes a TypeScript program of the package's classes. Values of secrets are not in it: it takes them
 * from the stack's configuration.
 */
export function typeScriptProgram(all: readonly Named[]): TypeScriptProgram {
  const secrets: string[] = [];
  const variables = new Map(
    all.map(({ found, variable }) => [keyOf(found.definition.name, found.id), variable]),
  );
  const declarations = parentsFirst(all).map((one) => declarationOf(one, variables, secrets));
  const classes = [...new Set(all.map(({ found }) => found.definition.name))].sort();
  const head = [
    ...(secrets.length > 0 ? [`import * as pulumi from "@pulumi/pulumi";`] : []),
    ...(classes.length > 0 ? [`import { ${classes.join(", ")} } from "pulumi-formations";`] : []),
    ...(secrets.length > 0 ? ["", "const config = new pulumi.Config();"] : []),
  ];
  return { text: `${[head.join("\n"), ...declarations].join("\n\n")}\n`, secrets };
}

/** A value that is an expression rather than a text. */
class Expression {
  readonly code: string;

  constructor(code: string) {
    this.code = code;
  }
}

function declarationOf(
  { found, name, variable }: Named,
  variables: ReadonlyMap<string, string>,
  secrets: string[],
): string {
  const { definition, state } = found;
  const { inputs } = propertiesOf(found);
  const properties: Values = { ...inputs };
  const parent = variables.get(keyOf("Replica", String(inputs.clusterId)));
  if (parent !== undefined) properties.clusterId = new Expression(`${parent}.id`);
  for (const key of secretInputs(definition)) {
    secrets.push(variable);
    properties[key] = new Expression(`config.requireSecret(${literal(variable)})`);
  }
  const ordered = Object.keys(definition.inputs.shape)
    .filter((key) => properties[key] !== undefined)
    .map((key) => [key, properties[key]] as const);
  const isPrecious = definition.whenDeleted(state).kind === "data loss";
  const options = isPrecious ? ", { protect: true }" : "";
  const args = `${literal(name)}, ${expression(Object.fromEntries(ordered), "")}${options}`;
  return `const ${variable} = new ${definition.name}(${args});`;
}

/** A replica's parent is declared before it, if it is declared at all. */
function parentsFirst(all: readonly Named[]): Named[] {
  const byId = new Map(all.map((one) => [keyOf(one.found.definition.name, one.found.id), one]));
  const ordered = new Set<Named>();
  const visit = (one: Named, path: readonly Named[]): void => {
    const { clusterId } = one.found.state;
    const parent = byId.get(keyOf("Replica", String(clusterId)));
    if (parent && !path.includes(parent)) visit(parent, [...path, parent]);
    ordered.add(one);
  };
  for (const one of all) visit(one, [one]);
  return [...ordered];
}

function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

/** A value as TypeScript, as a formatter would write it. */
function expression(value: unknown, indent: string): string {
  if (value instanceof Expression) return value.code;
  if (typeof value === "string") return literal(value);
  if (value === null || typeof value !== "object") return String(value);
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => expression(item, inner))
    : Object.entries(value).map(
        ([key, item]) => `${propertyName(key)}: ${expression(item, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (items.length === 0) return `${open}${close}`;
  const lines = items.map((item) => `${inner}${item},\n`);
  return `${open}\n${lines.join("")}${indent}${close}`;
}

/** `__proto__` is a property like any other only if it is computed. */
function propertyName(key: string): string {
  if (key === "__proto__") return `["__proto__"]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key);
}

/**
 * A text as a literal. What an editor, a terminal or a page would not show as it is, is escaped: ends of
 * lines, characters that change the direction of the text, tags.
 */
function literal(text: string): string {
  const escaped = (character: string) =>
    [...character]
      .flatMap((one) => one.split(""))
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join("");
  return JSON.stringify(text).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}<]/gu, escaped);
}
