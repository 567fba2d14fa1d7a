import { systems } from "../../provider";
import { environmentVariable } from "../../provider/resource/config";
import type { System } from "../../provider/resource/definition";
import { propertiesOf, type Schema, schemaOf } from "../../provider/resource/json-schema";
import { code } from "./markdown";

interface Key {
  name: string;
  schema: Schema;
}

/** Every configuration key in Markdown, in sections by system: a phone cuts tables of long names. */
export function configurationSections(): string[] {
  const shared = keys().filter(({ name }) => systems.every((system) => has(system, name)));
  const own = systems.flatMap((system) => [
    `### ${system.title}`,
    list(keysOf(system).filter(({ name }) => shared.every((key) => key.name !== name))),
  ]);
  return [...own, "### All systems", list(shared)];
}

/** The commands that give a stack the secrets of systems; each asks for the value. */
export function secretCommands(used: readonly System[]): string {
  const secrets = used.flatMap(keysOf).filter(({ schema }) => schema.secret);
  return secrets.map(({ name }) => `pulumi config set --secret formations:${name}`).join("\n");
}

function list(keys: readonly Key[]): string {
  const items = keys.map((key) => {
    const marks = key.schema.secret ? " (secret)" : "";
    const variable = `Environment variable: ${code(environmentVariable(key.name))}.`;
    return `- ${code(key.name)}${marks}: ${describe(key)} ${variable}`;
  });
  return items.join("\n");
}

function describe({ schema }: Key): string {
  const { description = "", default: standard } = schema;
  const hasDefault = standard !== undefined && standard !== "";
  return hasDefault ? `${description} Default: \`${standard}\`.` : description;
}

/** Systems share some keys. */
function keys(): Key[] {
  return [...new Map(systems.flatMap(keysOf).map((key) => [key.name, key])).values()];
}

function has(system: System, name: string): boolean {
  return keysOf(system).some((key) => key.name === name);
}

function keysOf(system: System): Key[] {
  return propertiesOf(schemaOf(system.config));
}
