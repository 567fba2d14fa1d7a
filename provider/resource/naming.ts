import { z } from "zod";
import type { Definition } from "./definition";
import type { Marks, Unpacked } from "./marks";
import { adaptedName, keptName } from "./names";
import { token } from "./urn";
import { type CheckFailure, validate } from "./validation";
import { containsUnknown, show, type Values } from "./values";

/**
 * What is done where a program gives no name, in the terms of Pulumi's `pulumi:autonaming`: the provider
 * makes it (`default`), or takes what is proposed, in another form if it must (`propose`) or as it is
 * (`enforce`), or wants the program to give one (`disable`).
 */
export type NamingMode = "default" | "propose" | "enforce" | "disable";

/** A name, and how it was made. */
export interface Naming {
  mode: NamingMode;
  /** The provider's own, or what is proposed; an unknown value: it is made from what is not known yet. */
  name?: unknown;
}

/** Inputs with their name, or why they have none. */
export interface Named extends Unpacked {
  failures: CheckFailure[];
}

/**
 * Checked inputs of a resource that needs a name, with one, where the program gives none. An existing
 * resource keeps its own, whatever is configured since. No I/O.
 *
 * @param before the inputs of the last run
 * @param naming makes the name of a new resource
 */
export function named(
  definition: Definition,
  inputs: Values,
  before: Unpacked,
  naming: () => Naming,
): Named {
  const { autoname: key = "" } = definition.plan;
  const kept = keptName(definition, before.properties, inputs);
  if (kept !== undefined) {
    return withName(kept, { autonamed: before.marks.autonamed || true });
  }
  const { mode, name } = naming();
  if (mode === "default") return withName(name, { autonamed: true });
  if (containsUnknown(name)) return withName(name, { autonamed: "proposed" });
  const reason = refusalOf(definition, key, { mode, name });
  if (reason !== undefined) {
    return { properties: inputs, marks: {}, failures: [{ property: key, reason }] };
  }
  const problem = problemOf(definition, key, name);
  const fitting = problem === undefined ? name : adaptedName(String(name));
  return withName(fitting, { autonamed: "proposed" });

  function withName(value: unknown, marks: Marks): Named {
    return { properties: { ...inputs, [key]: value }, marks, failures: [] };
  }
}

/** Why a resource can't have the name that is configured for it, in words that follow the property's. */
function refusalOf(
  definition: Definition,
  key: string,
  { mode, name }: Naming,
): string | undefined {
  if (mode === "disable") {
    return `is required: \`pulumi:autonaming\` turns generated names off for ${token(definition.name)}`;
  }
  const [unknown] = /\$\{[^}]*\}/.exec(String(name)) ?? [];
  if (unknown !== undefined) {
    return `is ${show(name)}: the pattern in \`pulumi:autonaming\` has ${unknown}, which is not one of its expressions. They are ${expressions}`;
  }
  if (name === "") return "is empty: the pattern in `pulumi:autonaming` makes no text";
  const problem = mode === "enforce" ? problemOf(definition, key, name) : undefined;
  return (
    problem &&
    `${problem}. \`pulumi:autonaming\` makes this name and enforces it: give the resource another \`${key}\`, or change the configuration`
  );
}

const expressions = [
  ...["organization", "project", "stack", "config.key", "name"],
  ...["hex(n)", "alphanum(n)", "string(n)", "num(n)", "uuid"],
]
  .map((one) => `\${${one}}`)
  .join(", ");

/** What is wrong with a name, by the rules of its system. */
function problemOf({ inputs }: Definition, key: string, name: unknown): string | undefined {
  const schema = z.object({ [key]: inputs.shape[key] as z.ZodType });
  return validate(schema, { [key]: name }).failures[0]?.reason;
}
