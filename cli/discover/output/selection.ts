import type { Definition } from "../../../provider/resource/definition";
import { importedInputs } from "../../../provider/resource/imported";
import * as lifecycle from "../../../provider/resource/lifecycle";
import { unreadableInputs } from "../../../provider/resource/unreadable";
import type { Values } from "../../../provider/resource/values";
import type { Found } from "../model";
import { counted } from "../words";

/** What a file takes of what was found. */
export interface Selection {
  taken: Found[];
  /** What is left out and why, in whole sentences. */
  remarks: string[];
}

/**
 * Chooses what a stack can take over: what nobody manages, and what the next `pulumi up` would leave as it
 * is.
 */
export function selectionOf(found: readonly Found[]): Selection {
  const managed = found.filter(({ managers }) => managers.length > 0);
  const taken: Found[] = [];
  const remarks: string[] = [];
  if (managed.length > 0) {
    remarks.push(`Left out, since a stack manages them already: ${countOf(managed)}.`);
  }
  for (const one of found) {
    if (one.managers.length > 0) continue;
    const why = obstacleTo(one);
    if (why === undefined) taken.push(one);
    else remarks.push(`${titleOf(one)} is left out: ${why}`);
  }
  return { taken, remarks };
}

/** A resource for messages: `Formation events (0fbed5229fa967219e46d2c9434)`. */
export function titleOf({ definition, name, id }: Found): string {
  return name === id ? `${definition.name} ${id}` : `${definition.name} ${name} (${id})`;
}

/** Why a stack should not take it over now, as an end of a sentence; undefined: nothing speaks against it. */
export function obstacleTo(one: Found): string | undefined {
  const { definition, state, marks, isLeaving, pending } = one;
  if (isLeaving) return "the server is deleting it.";
  if (pending !== undefined) {
    return `it is not ready (${pending}), and the run that is creating it may record it. Run this again when it is ready.`;
  }
  const applied = importedInputs(definition, state);
  const failures = failuresOf(definition, applied);
  if (failures.length > 0) {
    return `its program would not pass the check (${failures.join("; ")}). Declare it by hand, and adopt it with \`formations recover --adopt\`.`;
  }
  const { inputs: news } = lifecycle.check(definition, applied);
  const change = { applied, state, marks, news, autonamed: false };
  const { action } = lifecycle.planOf(definition, change);
  if (action === "keep") return undefined;
  return `the next \`pulumi up\` would ${action} it. See to it first, or declare it by hand and adopt it with \`formations recover --adopt\`.`;
}

/** What the check of a program with these inputs says, except of what no server returns. */
function failuresOf(definition: Definition, inputs: Values): string[] {
  const lacked = unreadableInputs(definition, inputs);
  return lifecycle
    .check(definition, inputs)
    .failures.filter(({ property }) => !lacked.includes(property))
    .map(({ property, reason }) => `${property} ${reason}`);
}

/** How many there are of each kind: `12 formations, 8 replicas`. */
export function countOf(found: readonly Found[]): string {
  const kinds = Map.groupBy(found, ({ definition }) => definition);
  return [...kinds].map(([kind, all]) => counted(all.length, kind)).join(", ");
}
