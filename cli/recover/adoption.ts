import { FormationsError } from "../../provider/errors";
import { logicalName, parseUrn } from "../../provider/resource/urn";
import type { ResourceState, StackState } from "../stack/deployment";
import type { InterruptedCreation } from "./creation";

/** An `--adopt` that does not fit the stack. */
export class WrongAdoption extends FormationsError {
  readonly code = "WRONG_ADOPTION";
}

/** What `--adopt` names. */
export interface Adoptions {
  /** The IDs to adopt, by URN. */
  ids: ReadonlyMap<string, string>;
  /** Resources that the state already has under that ID: an earlier recovery adopted them. */
  known: ResourceState[];
}

/**
 * Finds the creations that `--adopt` names.
 *
 * @param named pairs of a URN or a name in the program, and an ID
 * @throws WrongAdoption if a name matches none or several, or if a resource has two IDs
 */
export function adoptionsOf(
  named: readonly (readonly [name: string, id: string])[],
  creations: readonly InterruptedCreation[],
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
      if (!held) throw new WrongAdoption(noMatch(name, creations, before));
      known.push(held);
      continue;
    }
    if (urns.size > 1) {
      throw new WrongAdoption(`${name} matches several resources. Use the URN:${listed(urns)}`);
    }
    const other = ids.get(urn);
    if (other !== undefined && other !== id) {
      throw new WrongAdoption(`${name} cannot be both ${other} and ${id}.`);
    }
    ids.set(urn, id);
  }
  return { ids, known };
}

function noMatch(
  name: string,
  creations: readonly InterruptedCreation[],
  before: StackState,
): string {
  const all = [...before.deployment.resources, ...creations.map(({ resource }) => resource)];
  const named = parseUrn(name);
  const ours = all.map(({ urn }) => parseUrn(urn)).find((urn) => urn !== undefined);
  if (named && ours && (named.stack !== ours.stack || named.project !== ours.project)) {
    return `${name} belongs to another stack. This is stack ${ours.stack} of project ${ours.project}; choose a stack with --stack.`;
  }
  const held = all.find((one) => one.id && (one.urn === name || logicalName(one.urn) === name));
  if (held) return `${name} is already in the state, with ID ${held.id}.`;
  const urns = listed(new Set(creations.map(({ resource }) => resource.urn))) || " none";
  return `${name} is not a pending creation. Pending:${urns}\nRun \`formations recover\` without \`--adopt\`: it lists what can be adopted.`;
}

function listed(urns: ReadonlySet<string>): string {
  return [...urns].map((urn) => `\n  ${urn}`).join("");
}
