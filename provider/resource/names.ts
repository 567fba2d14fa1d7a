import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Definition } from "./definition";
import { isReplaceOnly, same } from "./plan";
import { containsUnknown, type Values } from "./values";

// The classes of sdk/ import this file at the start of every program: it must not load zod.

/** What a name is made from. */
export interface NameOrigin {
  project: string;
  stack: string;
  /** The resource's name in the package: `Formation`. */
  type: string;
  /** The name that the program gives the resource in Pulumi. */
  logicalName: string;
  /** The inputs that only a replacement changes, except the name. */
  replacing: Values;
}

/**
 * The name of a resource whose program gives none: its logical name and a short hash of where it is
 * declared and of the inputs that only a replacement changes. The same program always makes the same
 * name, so that a creation that was killed is found again; a replacement gets another name.
 */
export function autoname(origin: NameOrigin): string {
  return formed(origin.logicalName, originText(origin));
}

/**
 * A name that was proposed, in a form that every system allows, for a system that does not allow it as it
 * is. The same proposal always becomes the same name; two that differ become two.
 */
export function adaptedName(proposed: string): string {
  return formed(proposed, proposed);
}

/** What tells the names of two resources apart, as a text. Absent inputs and their order don't matter. */
export function originText({ project, stack, type, logicalName, replacing }: NameOrigin): string {
  const inputs = Object.entries(replacing)
    .filter(([, value]) => value != null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([project, stack, type, logicalName, inputs]);
}

/** What every system allows in names: a letter first, no dots, at most 40 characters. */
function formed(text: string, origin: string): string {
  const hash = createHash("sha256").update(origin).digest("hex").slice(0, 7);
  const stem = text.replaceAll(/[^A-Za-z0-9-]+/g, "-").replace(/^[^A-Za-z]+/, "");
  return `${stem.slice(0, 32) || "formation"}-${hash}`;
}

/**
 * The name that an existing resource keeps, if the provider makes its name; undefined: it is replaced and
 * gets another. Without this, a change of spelling, or of the logical name under an alias, would make
 * another name too.
 *
 * @param olds the inputs of the last run
 * @param inputs the checked inputs of this run
 */
export function keptName(definition: Definition, olds: Values, inputs: Values): unknown {
  const name = definition.plan.autoname;
  if (!name || !olds[name]) return undefined;
  return sameReplaceOnly(definition, olds, inputs) ? olds[name] : undefined;
}

/** The inputs that a name is made from: those that only a replacement changes, except the name. */
export function replacingInputs(definition: Definition, inputs: Values): Values {
  const { plan: rules } = definition;
  const keys = Object.keys(definition.inputs.shape).filter(
    (key) => key !== rules.autoname && isReplaceOnly(key, rules),
  );
  return Object.fromEntries(keys.map((key) => [key, inputs[key]]));
}

/** Whether two sets of inputs agree in everything that only a replacement can change. */
export function sameReplaceOnly(definition: Definition, olds: Values, news: Values): boolean {
  const before = replacingInputs(definition, olds);
  const after = replacingInputs(definition, news);
  return Object.keys(before).every((key) => {
    const property = definition.inputs.shape[key];
    const [was, is] = [before, after].map((inputs) => normalised(property, inputs[key]));
    return same(definition.plan, key, is, was);
  });
}

/** A value as its schema spells it. What the schema rejects counts as absent. */
export function normalised(property: z.core.$ZodType | undefined, value: unknown): unknown {
  if (containsUnknown(value)) return value;
  return (property as z.ZodType | undefined)?.safeParse(value ?? undefined).data;
}
