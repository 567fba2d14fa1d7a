import { importNotice } from "../../../provider/resource/unreadable";
import { exportState } from "../../stack/deployment";
import { Pulumi } from "../../stack/pulumi";
import type { StacksOptions } from "../../stack/readings";
import type { Found, Inventory } from "../model";
import { propertiesOf } from "./entry";
import { secretInputs, withSecretValues } from "./secret-values";
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
  leftOut: string[];
  /** The values that belong to no secret, in whole sentences. */
  unused: string[];
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
  const { taken, remarks: leftOut } = selectionOf(found);
  return {
    ...{ found, taken, leftOut, target: await targetOf(inventory, stacks) },
    unused: unused.map(
      (key) => `--secret-values has a value for ${key}, of which no secret was found.`,
    ),
  };
}

/** The stack that takes over what was found: the first that was named, or the only one of the folder. */
async function targetOf(
  { stacks }: Inventory,
  { stack: named, cwd }: StacksOptions,
): Promise<Target> {
  const [stack] = named ?? (stacks.length === 1 ? stacks : []);
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

/** What no server returns, and what comes of that: once for all of a kind. */
export function lackingRemarks(taken: readonly Found[]): string[] {
  const notices = taken.flatMap(
    (one) => importNotice(one.definition, propertiesOf(one).inputs) ?? [],
  );
  const lacksSecret = taken.some(({ definition, state }) =>
    secretInputs(definition).some((key) => state[key] === undefined),
  );
  const hint = lacksSecret ? ["--secret-values FILE gives the values of secrets."] : [];
  return [...new Set(notices), ...hint];
}
