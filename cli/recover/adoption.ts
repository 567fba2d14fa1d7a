import { FormationsError } from "../../provider/errors";
import { logicalName, type ResourceState, type StackState } from "../stack/deployment";
import type { Creation } from "./creation";

/** What the user said that does not fit the stack. */
export class WrongAdoption extends FormationsError {
  readonly code = "WRONG_ADOPTION";
}

/** What the user said, by what it is about. */
export interface Adoptions {
  /** The IDs to adopt, by URN. */
  ids: ReadonlyMap<string, string>;
  /** What the state has with that very ID: an earlier recovery took it in. */
  known: ResourceState[];
}

/**
 * Finds out which creations the user named.
 *
 * @param named pairs of a URN or a name in the program, and an ID
 * @throws WrongAdoption where a name fits none or several, or one resource has two IDs
 */
export function adoptionsOf(
  named: readonly (readonly [name: string, id: string])[],
  creations: readonly Creation[],
  before: StackState,
): Adoptions {
  const ids = new Map<string, string>();
  const known: ResourceState[] = [];
  for (const [name, id] of named) {
    const isMeant = ({ urn }: ResourceState) => urn === name || logicalName(urn) === name;
    const urns = new Set(
      creations.map(({ resource }) => resource).flatMap((one) => (isMeant(one) ? [one.urn] : [])),
    );
    const [urn] = urns;
    if (urn === undefined) {
      const held = before.deployment.resources.find((one) => isMeant(one) && one.id === id);
      if (!held) throw new WrongAdoption(nothingOf(name, creations, before));
      known.push(held);
      continue;
    }
    if (urns.size > 1) {
      throw new WrongAdoption(`${name} is the name of several. Give the URN:${listed(urns)}`);
    }
    const other = ids.get(urn);
    if (other !== undefined && other !== id) {
      throw new WrongAdoption(`${name} can't be both ${other} and ${id}.`);
    }
    ids.set(urn, id);
  }
  return { ids, known };
}

function nothingOf(name: string, creations: readonly Creation[], before: StackState): string {
  const all = [...before.deployment.resources, ...creations.map(({ resource }) => resource)];
  const stackOf = (urn: string) => urn.split("::").slice(0, 2).join("::");
  const [any] = all;
  if (name.startsWith("urn:pulumi:") && any && stackOf(any.urn) !== stackOf(name)) {
    return `${name} is of another stack than this one, ${stackOf(any.urn)}: name its stack with --stack.`;
  }
  const held = all.find((one) => one.id && (one.urn === name || logicalName(one.urn) === name));
  if (held) return `${name} is in the state already, with the ID ${held.id}.`;
  const urns = listed(new Set(creations.map(({ resource }) => resource.urn))) || " none";
  return `${name} is no creation that did not end. There are:${urns}`;
}

function listed(urns: ReadonlySet<string>): string {
  return [...urns].map((urn) => `\n  ${urn}`).join("");
}
