import { exportState } from "../../stack/deployment";
import { Pulumi } from "../../stack/pulumi";
import type { StacksOptions } from "../../stack/readings";
import type { Found, Inventory } from "../model";
import { lackedInputs, secretInputs, withSecretValues } from "./secret-values";
import { selectionOf } from "./selection";
import type { Target } from "./target";
import { yamlRemarks } from "./yaml";

/** What was found, for a stack that takes it over. */
export interface Offer {
  /** All of it, with the values of secrets that the user gave. */
  found: Found[];
  /** What the stack can take over. */
  taken: Found[];
  target: Target;
  /** What is left out and why, in whole sentences. */
  remarks: string[];
}

/**
 * What a stack can take over of an inventory.
 *
 * @param given the values of secrets, by key
 */
export async function offerOf(
  inventory: Inventory,
  stacks: StacksOptions,
  given: ReadonlyMap<string, string>,
): Promise<Offer> {
  const { found, unused } = withSecretValues(inventory.found, given);
  const { taken, remarks } = selectionOf(found);
  for (const key of unused) {
    remarks.push(`--secret-values has a value for ${key}, of which no secret was found.`);
  }
  return { found, taken, target: await targetOf(stacks), remarks };
}

/** The stack that takes over what was found: the first that was named. */
async function targetOf({ stack: [stack] = [], cwd }: StacksOptions): Promise<Target> {
  if (stack === undefined) return { resources: [] };
  const { deployment } = await exportState(new Pulumi({ stack, cwd }));
  return { resources: deployment.resources };
}

/** What is to be known of the program that Pulumi writes, in whole sentences. */
export function programRemarks(taken: readonly Found[]): string[] {
  return [...yamlRemarks(taken), ...secretRemarks(taken)];
}

/** Pulumi writes secrets into the program as they are. */
function secretRemarks(taken: readonly Found[]): string[] {
  const hasValues = taken.some(({ definition, state }) =>
    secretInputs(definition).some((key) => state[key] !== undefined),
  );
  if (!hasValues) return [];
  return [
    "The program that Pulumi writes has the secrets' values in plain text. Put them into the stack's configuration before you commit it.",
  ];
}

/** What an import lacks of secrets. */
export function lackingRemarks(taken: readonly Found[]): string[] {
  const lacking = taken.filter(({ definition, state }) =>
    secretInputs(definition).some((key) => lackedInputs(definition, state).includes(key)),
  );
  if (lacking.length === 0) return [];
  return [
    `No server returns the value of a secret, so ${lacking.length === 1 ? "one lacks" : `${lacking.length} lack`} it: the next \`pulumi up\` stores the program's. --secret-values gives the values.`,
  ];
}
