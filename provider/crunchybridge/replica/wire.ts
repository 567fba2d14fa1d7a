import type { Snapshot } from "../../resource/definition";
import { defineWire } from "../../resource/wire";
import type { ClusterWithState } from "../api";
import { clusterFacts, parentOf } from "../cluster";
import { canonical } from "../eid";
import type { ClusterPatch, NewReplica, Upgrade } from "../endpoints";
import type { Inputs, Outputs, State } from "./schema";

/** The requests that send inputs. Each but `create` changes a replica that exists. */
interface Bodies {
  create: NewReplica;
  upgrade: Upgrade;
  ha: { enabled: boolean };
  patch: ClusterPatch;
  detach: object;
}

/** The properties of a replica: where the server shows each, and which requests send it. */
export const wire = defineWire<Inputs, Outputs, ClusterWithState, Bodies>({
  inputs: {
    // Once it is detached, the server shows no parent. The creation has the ID in its path.
    clusterId: {
      read: (seen, { clusterId }) => clusterFacts.parentId(seen) ?? clusterId,
      sent: {},
    },
    name: {
      read: clusterFacts.name,
      sent: { create: (name = "") => ({ name }), patch: (name) => ({ name }) },
    },
    planId: {
      read: clusterFacts.planId,
      sent: { create: (plan_id) => ({ plan_id }), upgrade: (plan_id) => ({ plan_id }) },
    },
    networkId: {
      read: clusterFacts.networkId,
      sent: { create: (network_id) => ({ network_id }) },
    },
    providerId: {
      read: clusterFacts.providerId,
      sent: { create: (provider_id) => ({ provider_id }) },
    },
    regionId: {
      read: clusterFacts.regionId,
      sent: { create: (region_id) => ({ region_id }) },
    },
    // Inherited at creation, and never sent downwards: the server has at least what autoresize reached.
    storage: {
      read: clusterFacts.storage,
      sent: { upgrade: (storage) => ({ storage }) },
      same: (asked = 0, shown = 0) => shown >= asked,
    },
    isHa: {
      read: clusterFacts.isHa,
      sent: { ha: (enabled = false) => ({ enabled }) },
      leftUndone: (asked, shown) => asked && !shown,
    },
    environment: {
      read: clusterFacts.environment,
      sent: { patch: (environment) => ({ environment }) },
      same: (asked = "", shown = "") => shown === asked,
      leftUndone: (asked, shown) => asked !== "" && shown === undefined,
    },
    isProtected: {
      read: clusterFacts.isProtected,
      sent: { patch: (is_protected) => ({ is_protected }) },
      leftUndone: (asked, shown) => asked && !shown,
    },
    maintenanceWindowStart: {
      read: clusterFacts.maintenanceWindowStart,
      sent: { patch: (maintenance_window_start) => ({ maintenance_window_start }) },
      same: (asked = -1, shown = -1) => shown === asked,
      leftUndone: (asked, shown) => asked >= 0 && shown === undefined,
    },
    // A replica is created attached. The plan sees that; nothing has to be remembered as left undone.
    detached: {
      read: (seen) => isDetached(seen),
      sent: { detach: () => ({}) },
      same: (asked, shown) => !asked || shown === true,
      leftUndone: () => false,
    },
    // Read by upgrades; the server knows nothing of it.
    upgradeTiming: { read: (_, known) => known.upgradeTiming, sent: {} },
  },
  outputs: {
    state: clusterFacts.state,
    host: clusterFacts.host,
    parentId: clusterFacts.parentId,
    teamId: clusterFacts.teamId,
    cpu: clusterFacts.cpu,
    memory: clusterFacts.memory,
    majorVersion: clusterFacts.majorVersion,
    postgresVersionId: clusterFacts.postgresVersionId,
    isSuspended: clusterFacts.isSuspended,
    createdAt: clusterFacts.createdAt,
    upgradeScheduledFor: (seen) => seen.upgrade_scheduled_for,
  },
});

/** Whether it is an independent primary; undefined: the response does not say. */
function isDetached(seen: ClusterWithState): boolean | undefined {
  const parent = parentOf(seen);
  return parent === undefined ? undefined : parent === null;
}

/**
 * @param known the last known state, for what a response leaves out: one for a detached replica lacks
 * `clusterId`
 */
export function toModel(seen: ClusterWithState, known: Partial<State>): Snapshot<State> {
  return { id: canonical(seen.id), state: wire.state(seen, { detached: false, ...known }) };
}
