import type { z } from "zod";
import { didYouMean } from "./suggestions";
import { containsUnknown, show, type Values } from "./values";

/**
 * Warnings about values that this version of the provider does not know, where the server decides:
 * it may have more of them by now, so they are no failures.
 *
 * @param inputs checked inputs
 * @param decider who decides: `Crunchy Bridge`
 * @param secrets inputs that the program made secrets: no warning shows them
 */
export function unknownValues(
  schema: z.ZodObject,
  inputs: Values,
  decider: string,
  secrets?: ReadonlySet<string>,
): string[] {
  return Object.entries(inputs).flatMap(([key, value]) => {
    const known = knownValues(schema.shape[key]);
    if (!known || containsUnknown(value) || known.includes(String(value))) return [];
    const isSecret = secrets?.has(key);
    const guess = isSecret ? "" : didYouMean(String(value), known);
    return [
      `${key} ${isSecret ? "(secret)" : show(value)} is none that this version of the provider knows; ${decider} decides. Known: ${known.join(", ")}${guess || "."}`,
    ];
  });
}

function knownValues(property: z.core.$ZodType | undefined): readonly string[] | undefined {
  return property && (property as z.ZodType).meta()?.known;
}
