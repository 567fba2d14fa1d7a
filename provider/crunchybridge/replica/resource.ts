import { type Context, defineResource } from "../../resource/definition";
import { NoSuchResource } from "../../resource/errors";
import { containsUnknown } from "../../resource/values";
import { type ClusterWithState, type CrunchyBridgeApi, isSettled } from "../api";
import { parentOf } from "../cluster";
import { toEid } from "../eid";
import type { Operation } from "../endpoints";
import { isOwnWork } from "../operations";
import { crunchyBridge } from "../system";
import { cost } from "./cost";
import { createReplica, namesake, placeOf } from "./create";
import { listing } from "./list";
import { detachedIsLost, moved, plan } from "./plan";
import { constraints, inputs, outputs, type State } from "./schema";
import { bring, change, said } from "./update";
import { withScheduled } from "./upgrade";
import { destroy, settle } from "./waits";
import { toModel, wire } from "./wire";

const dataGoes = "its data is destroyed with it";

/** A replica of a cluster; once detached, an independent primary. */
export const replica = defineResource({
  name: "Replica",
  description:
    "A replica of a Crunchy Bridge cluster: a read-only copy that follows its parent, in the same network or elsewhere. It may have replicas of its own.\n\n" +
    "Plan, storage, high availability and settings change in place; a change of network, provider, region or parent is a replacement. With `detached` it becomes an independent primary, for instance to switch over to it, and remains this resource.",
  id: "the replica's ID: an EID (26 letters a–z and digits 2–7) or a UUID",
  isId: (id) => toEid(id) !== undefined,
  example: { clusterId: "rvf73a77ozfsvcttryebfrnlem", planId: "standard-8", storage: 200 },
  system: crunchyBridge,
  inputs,
  outputs,
  plan,
  constraints,
  cost,
  whenDeleted: ({ detached }) =>
    detached
      ? { kind: "data loss", text: `the replica is detached: ${dataGoes}` }
      : { kind: "deletion", text: "the replica is destroyed; the cluster that it follows stays" },
  whenReplaced: ({ detached }) => (detached ? detachedIsLost : moved),
  // A network belongs to a provider and, except at gcp, to a region: a program gives one or the other.
  importable({ providerId, regionId, ...inputs }) {
    if (inputs.networkId === undefined) return { ...inputs, providerId, regionId };
    return providerId === "gcp" ? { ...inputs, regionId } : inputs;
  },
  pending: ({ state }) => (isSettled(state) ? undefined : `state "${state}"`),
  isLeaving: ({ state }) => state === "destroying",
  // The check has given IDs the spelling that the state has.
  foresee: ({ clusterId, networkId, detached = false }) => ({
    state: { clusterId, detached, ...(networkId !== undefined && { networkId }) },
  }),

  claims: ({ name, clusterId }) =>
    name === undefined || containsUnknown(clusterId)
      ? undefined
      : { name: placeOf(name, clusterId), rule: "names are unique in a team" },

  async create(wanted, context) {
    const made = await createReplica(wanted, context);
    const { clock } = context;
    const createdAt = clock.now();
    // What no response says is as the request asked.
    const begun = { ...wire.creation(wanted), ...said(made), state: made.state ?? "creating" };
    const { clusterId, upgradeTiming } = wanted;
    const known = { ...wire.settings("create", wanted), clusterId, upgradeTiming };
    const report = reporter(known, context);
    report(begun, []);
    const awaits = (operation: Operation) => isOwnWork(operation, clock.now());
    const becoming = { id: made.id, what: "to become ready", awaits, createdAt };
    const settled = await settle(becoming, context, (state) => report({ ...begun, state }, []));
    const seen = { ...begun, ...said(settled) };
    report(seen, []);
    if (wanted.storage !== undefined && wanted.storage < (seen.storage ?? 0)) {
      context.warn(
        `Storage is ${seen.storage} GB, inherited from the parent; it can't shrink to ${wanted.storage} GB.`,
      );
    }
    const goal = { settings: wanted, timing: upgradeTiming ?? "now" };
    return toModel(await bring(seen, goal, context, report), known);
  },

  async read(id, known, { api, ...context }) {
    const seen = await api.look(id, context);
    if (seen === undefined || seen === "destroyed") return seen;
    // Only an import knows nothing; the state of a detached replica has its `clusterId`.
    if (parentOf(seen) === null && !known.clusterId) {
      throw new NoSuchResource(
        `Cluster ${id} is not a replica but a primary: read it with getCluster.`,
      );
    }
    return toModel(await withScheduled(seen, known, { api, ...context }), known);
  },

  async find(wanted, context) {
    const { clusterId, name = "" } = wanted;
    const rival = await namesake(clusterId, name, context);
    const seen = rival?.isReplica ? await context.api.get(rival.id, context) : undefined;
    if (!seen) return [];
    const unfinished = Object.keys(wire.leftUndone(seen, wanted));
    return [{ ...toModel(seen, wanted), unfinished }];
  },

  listing,

  async update(request, context) {
    const known = { ...request.state, upgradeTiming: request.inputs.upgradeTiming };
    return toModel(await change(request, context, reporter(known, context)), known);
  },

  async delete(id, { detached }, context) {
    if (detached) context.warn(`The replica is detached: ${dataGoes}.`);
    await destroy(id, context);
  },
});

function reporter(known: Partial<State>, context: Context<CrunchyBridgeApi>) {
  return (seen: ClusterWithState, unfinished: string[]) =>
    context.exists({ ...toModel(seen, known), unfinished });
}
