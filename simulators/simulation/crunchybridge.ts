import { z } from "zod";
import { name as clusterName } from "../crunchybridge/bodies.ts";
import { defaultTeam } from "../crunchybridge/team.ts";
import { type CrunchyBridgeSimulator, type SimCluster, toEid } from "../crunchybridge.ts";
import { defineKind, type Entry, type Kind, refuseSecond } from "./kind.ts";
import { SimulationProblem } from "./problem.ts";

const eid = z.string().transform((text, context) => {
  const found = toEid(text);
  if (found === undefined) context.addIssue("must be an ID of Crunchy Bridge, or a UUID");
  return found ?? "";
});

const changes = z.strictObject({
  name: clusterName.optional(),
  planId: z.string().optional(),
  storage: z.int().min(1).optional(),
  isHa: z.boolean().optional(),
  isProtected: z.boolean().optional(),
  isSuspended: z.boolean().optional(),
  environment: z.string().nullable().optional(),
  maintenanceWindowStart: z.int().min(0).max(23).nullable().optional(),
  majorVersion: z.int().optional(),
  state: z.string().optional(),
});

const clusterSchema = changes.extend({
  id: eid.optional(),
  name: clusterName,
  providerId: z.string().optional(),
  regionId: z.string().optional(),
  teamId: eid.optional(),
});

const replicaSchema = clusterSchema.extend({ clusterId: z.string().min(1) });

/** A replica may be detached too: it then follows nothing. */
const replicaChanges = changes.extend({ clusterId: z.null().optional() });

/** The clusters of Crunchy Bridge: those that follow none, and replicas. */
export function crunchyBridgeKinds(simulator: CrunchyBridgeSimulator): Kind[] {
  const list = (isReplica: boolean) => () =>
    [...simulator.clusters.values()]
      .filter(({ parent_id }) => (parent_id !== null) === isReplica)
      .map(entryOf);
  const set = ({ id = "" }: Entry, values: z.output<typeof replicaChanges>) => {
    const { state, clusterId, ...rest } = values;
    const cluster = simulator.clusters.get(id);
    if (cluster === undefined) throw new SimulationProblem(`the cluster ${id} is gone`);
    const fields = fieldsOf(rest);
    const size = fields.plan_id ? simulator.planSize(cluster.provider_id, fields.plan_id) : {};
    Object.assign(cluster, fields, size);
    if (clusterId === null) simulator.detachOutOfBand(id);
    if (state !== undefined) simulator.setState(id, state);
  };
  const add = (values: z.output<typeof clusterSchema>, usual: Partial<SimCluster> = {}) => {
    const fields: Partial<SimCluster> = { ...usual, ...fieldsOf(values) };
    const { id = "", name, team_id = defaultTeam } = fields;
    const { clusters } = simulator;
    refuseSecond(clusters.has(id), `a cluster with the ID ${id}`);
    const isLike = (one: SimCluster) => one.name === name && one.team_id === team_id;
    refuseSecond([...clusters.values()].some(isLike), `a cluster ${name} in this team`);
    simulator.addCluster(fields);
  };
  const remove = ({ id = "" }: Entry) => simulator.destroyOutOfBand(id);
  const cluster = defineKind({
    ...{ name: "cluster", plural: "clusters", schema: clusterSchema, changes },
    ...{ list: list(false), set, remove, add },
  });
  const replica = defineKind({
    ...{ name: "replica", plural: "replicas", schema: replicaSchema, changes: replicaChanges },
    ...{ list: list(true), set, remove },
    add({ clusterId, ...values }) {
      const parent = parentOf(simulator, clusterId);
      const { provider_id, region_id, plan_id, storage, network_id, team_id } = parent;
      const inherited = { provider_id, region_id, plan_id, storage, network_id, team_id };
      add(values, { ...inherited, parent_id: parent.id });
    },
  });
  return [cluster, replica];
}

function parentOf({ clusters }: CrunchyBridgeSimulator, nameOrId: string): SimCluster {
  const all = [...clusters.values()];
  const found = all.find(({ id, name }) => id === toEid(nameOrId) || name === nameOrId);
  if (found) return found;
  const names = all.map(({ name }) => name).join(", ") || "none";
  throw new SimulationProblem(`clusterId: there is no cluster ${nameOrId}. Clusters: ${names}`);
}

/** Properties as the API spells them, without those that are not given. */
function fieldsOf(asked: Partial<z.output<typeof clusterSchema>>): Partial<SimCluster> {
  const all = {
    id: asked.id,
    name: asked.name,
    team_id: asked.teamId,
    plan_id: asked.planId,
    provider_id: asked.providerId,
    region_id: asked.regionId,
    storage: asked.storage,
    is_ha: asked.isHa,
    is_protected: asked.isProtected,
    is_suspended: asked.isSuspended,
    environment: asked.environment,
    maintenance_window_start: asked.maintenanceWindowStart,
    major_version: asked.majorVersion,
    state: asked.state,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function entryOf(cluster: SimCluster): Entry {
  return {
    id: cluster.id,
    name: cluster.name,
    values: {
      ...(cluster.parent_id !== null && { clusterId: cluster.parent_id }),
      planId: cluster.plan_id,
      storage: cluster.storage,
      providerId: cluster.provider_id,
      regionId: cluster.region_id,
      state: cluster.state,
      isHa: cluster.is_ha,
      isProtected: cluster.is_protected,
      isSuspended: cluster.is_suspended,
      environment: cluster.environment,
      maintenanceWindowStart: cluster.maintenance_window_start,
    },
  };
}
