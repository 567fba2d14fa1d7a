import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { oncePer } from "../process/once";
import { didYouMean } from "./suggestions";
import { containsUnknown, show, type Values } from "./values";

/** What warnings about open lists depend on, besides the values. */
export interface OpenListOptions {
  /** Who accepts or rejects the values: `Crunchy Bridge`. */
  decider: string;
  /** The inputs of the last run: values that are among them already are not warned about again. */
  olds?: Values;
  /** Inputs that the program made secrets: no warning shows them. */
  secrets?: ReadonlySet<string>;
}

/**
 * Warnings about values of open lists that this version of the provider does not know. They are not
 * failures, since the server may have more values by now.
 *
 * @param inputs checked inputs
 */
export function openListWarnings(
  schema: z.ZodObject,
  inputs: Values,
  { decider, olds = {}, secrets }: OpenListOptions,
): string[] {
  return openLists(schema).flatMap(({ key, known }) => {
    const value = inputs[key];
    if (value === undefined || isDeepStrictEqual(value, olds[key])) return [];
    if (containsUnknown(value) || known.includes(String(value))) return [];
    const isSecret = secrets?.has(key);
    const guess = isSecret ? "" : didYouMean(String(value), known);
    return [
      `${key} ${isSecret ? "(secret)" : show(value)} is unknown to this version of the provider; ${decider} will accept or reject it. Known values: ${known.join(", ")}.${guess}`,
    ];
  });
}

/** The open lists among a schema's properties, in its order. */
const openLists = oncePer((schema: z.ZodObject) =>
  Object.entries(schema.shape).flatMap(([key, property]) => {
    const known = (property as z.ZodType).meta()?.known;
    return known ? [{ key, known }] : [];
  }),
);
