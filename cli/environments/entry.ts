import type { z } from "zod";
import type { Definition } from "../../provider/resource/definition";
import { unpack } from "../../provider/resource/marks";
import { normalised } from "../../provider/resource/names";
import { below, secretsOf } from "../../provider/resource/secrets";
import { parentTypes, parseUrn, token } from "../../provider/resource/urn";
import { definitionOf, type ResourceState } from "../stack/deployment";
import { alike, mask } from "./value";

/** Who chose a value. */
export type Origin = "program" | "generated" | "server" | "default";

/** What a resource has of one property, without secrets. */
export interface Setting {
  value: unknown;
  from: Origin;
  /** What the server was last seen to have, if that is something else. */
  server?: unknown;
}

/** What a resource of this package is, in whichever stack. */
export interface Identity {
  definition: Definition;
  /** The name in the program. */
  name: string;
  /** The types of the components that it is in, the outermost first, on either host alike. */
  parents: readonly string[];
  /** The type token of its host. */
  token: string;
}

/** What is set of a resource, by property. */
export type Settings = ReadonlyMap<string, Setting>;

/** The property that stands for the option `protect`; no input of a resource has this name. */
export const protectOption = "protect";

/** What a resource is; undefined: it is another provider's. */
export function identityOf({ urn, type }: ResourceState): Identity | undefined {
  const definition = definitionOf(type);
  const name = parseUrn(urn)?.name;
  if (!definition || name === undefined) return undefined;
  return { definition, name, token: type, parents: parentTypes(urn).map(onEitherHost) };
}

/** Whether it exists and is to stay, as far as the state says: it is not replaced, and not deleted to be. */
export function isLive(resource: ResourceState): boolean {
  return !resource.delete && !resource.pendingReplacement;
}

/** A type token as the plugin has it, whichever host the resource is on. */
function onEitherHost(type: string): string {
  const definition = definitionOf(type);
  return definition ? token(definition.name) : type;
}

/** What is set of a resource, without secrets. */
export function settingsOf(definition: Definition, resource: ResourceState): Settings {
  return new Map(readSettings(definition, resource));
}

function* readSettings(
  definition: Definition,
  { inputs = {}, outputs = {}, protect }: ResourceState,
): Generator<[property: string, Setting]> {
  const asked = unpack(inputs);
  const seen = unpack(outputs).properties;
  for (const property of Object.keys(definition.inputs.shape)) {
    const isNamed = property === definition.plan.autoname && asked.marks.autonamed;
    const setting = settingOf(
      definition,
      property,
      shown(definition, property, asked.properties[property]),
      shown(definition, property, seen[property]),
    );
    if (setting) yield [property, isNamed ? { ...setting, from: "generated" } : setting];
  }
  yield [protectOption, { value: protect === true, from: protect ? "program" : "default" }];
}

function settingOf(
  { plan: rules }: Definition,
  property: string,
  asked: unknown,
  seen: unknown,
): Setting | undefined {
  const fallback = rules.defaults?.[property];
  if (asked !== undefined) {
    const isSeen = seen === undefined || alike(rules, property, asked, seen);
    return { value: asked, from: "program", ...(!isSeen && { server: seen }) };
  }
  // A server that says what the default is has chosen nothing.
  if (seen !== undefined && !(fallback !== undefined && alike(rules, property, seen, fallback))) {
    return { value: seen, from: "server" };
  }
  return fallback === undefined ? undefined : { value: fallback, from: "default" };
}

/** A value without secrets, as its schema spells it; as it is where the schema rejects it. */
function shown(definition: Definition, property: string, value: unknown): unknown {
  const shown = mask(value, below(secretsOf(definition.inputs), property));
  const schema: z.core.$ZodType | undefined = definition.inputs.shape[property];
  return normalised(schema, shown) ?? shown;
}

/** Whether two resources are set alike in a property; a name that the provider makes is like any other such. */
export function isAlike(
  { plan: rules }: Definition,
  property: string,
  a: Setting | undefined,
  b: Setting | undefined,
): boolean {
  if (a?.from === "generated" && b?.from === "generated") return true;
  return (
    alike(rules, property, a?.value, b?.value) &&
    alike(rules, property, a?.server ?? a?.value, b?.server ?? b?.value)
  );
}

/** What has not ended of a resource. */
export function marksOf(resource: ResourceState): string[] {
  const { marks } = unpack(resource.outputs ?? {});
  const { unfinished = [], pending } = marks;
  const hasErrors = Array.isArray(resource.initErrors) && resource.initErrors.length > 0;
  return [
    ...(pending || hasErrors ? ["not finished"] : []),
    ...(unfinished.length > 0 ? [`to be sent again: ${unfinished.join(", ")}`] : []),
  ];
}
