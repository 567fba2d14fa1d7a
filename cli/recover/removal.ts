import { FormationsError } from "../../provider/errors";
import type { Definition } from "../../provider/resource/definition";
import type { Call } from "../../provider/resource/lifecycle";
import * as lifecycle from "../../provider/resource/lifecycle";
import { unpack } from "../../provider/resource/marks";
import type { Values } from "../../provider/resource/values";
import { definitionOf, type ResourceState, revealed, type StackState } from "../stack/deployment";
import type { Sessions } from "../stack/sessions";

/** A resource of the state that was deleted on the server, or is being deleted. */
export interface Removal {
  definition: Definition;
  resource: ResourceState;
  why: string;
}

/**
 * Finds resources of the state that the server no longer has: a killed run deleted them and could not
 * record it. Resources that can't be read are reported, and stay.
 *
 * @param replaced the URNs that the next run replaces or deletes anyway; undefined: unknown, so that
 * only interrupted deletions are checked
 */
export async function removals(
  { deployment }: StackState,
  replaced: ReadonlySet<string> | undefined,
  sessions: Sessions,
  call: Call,
): Promise<Removal[]> {
  const deleting = (deployment.pending_operations ?? []).filter(({ type }) => type === "deleting");
  const matters = (urn: string) =>
    replaced ? !replaced.has(urn) : deleting.some(({ resource }) => resource.urn === urn);
  const live = deployment.resources.filter((one) => isLive(one) && matters(one.urn));
  const found = await Promise.all(live.map((resource) => removalOf(resource, sessions, call)));
  return found.flat();
}

function isLive({ id, delete: isCondemned, pendingReplacement }: ResourceState): boolean {
  return id !== undefined && !isCondemned && !pendingReplacement;
}

async function removalOf(
  resource: ResourceState,
  sessions: Sessions,
  call: Call,
): Promise<Removal[]> {
  const definition = definitionOf(resource.type);
  // A resource without anything on a server can't be deleted there.
  if (!definition?.find) return [];
  const { urn, id = "" } = resource;
  const { deployment } = await sessions.state();
  const shown = deployment.resources.find((one) => one.urn === urn && one.id === id && !one.delete);
  try {
    const session = await sessions.of(resource);
    const { properties: state, marks } = unpack(revealed(shown?.outputs ?? {}) as Values);
    const seen = await lifecycle.read(definition, session, { id, state, marks }, call);
    if (!seen) return [{ definition, resource, why: "it no longer exists on the server" }];
    if (!lifecycle.isLeaving(definition, seen.state)) return [];
    return [{ definition, resource, why: "the server is deleting it" }];
  } catch (error) {
    if (!(error instanceof FormationsError)) throw error;
    call.warn(`${definition.name} ${id} could not be read: ${error.message}`);
    return [];
  }
}
