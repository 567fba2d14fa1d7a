import { z } from "zod";
import { defineFunction, type Reading } from "../resource/definition";
import { NoSuchResource } from "../resource/errors";
import type { ClusterWithState, CrunchyBridgeApi } from "./api";
import { clusterShape, describeCluster, parentOf } from "./cluster";
import { canonical } from "./eid";
import type { ListedCluster } from "./endpoints";
import { id } from "./replica/schema";
import { crunchyBridge } from "./system";

const disk = {
  diskTotalMb: z.number().optional().meta({
    description:
      "Size of its disk in MB. The server measures it about once a day; absent until the first time.",
  }),
  diskUsedMb: z.number().optional().meta({ description: "Used disk space in MB." }),
  diskAvailableMb: z.number().optional().meta({ description: "Free disk space in MB." }),
};

const replicaShape = {
  id: z.string().meta({ description: "Its ID (EID)." }),
  detached: z.boolean().meta({
    description: "Whether it is an independent primary and not, or no longer, a replica.",
  }),
  ...clusterShape,
  ...disk,
};

const idOf = (what: string) => id().meta({ description: `ID (EID or UUID) of ${what}.` });

/** Reads one cluster. */
export const getCluster = defineFunction({
  name: "getCluster",
  description: "Reads a Crunchy Bridge cluster, primary or replica, by its ID.",
  system: crunchyBridge,
  args: z.object({ id: idOf("the cluster") }),
  example: { id: "rvf73a77ozfsvcttryebfrnlem" },
  requests: [
    "GET /clusters/{id}",
    "GET /clusters/{id}/status: unless the first response has the state",
  ],
  result: z.object({
    id: replicaShape.id,
    ...clusterShape,
    ...disk,
    replicaIds: z.array(z.string()).meta({ description: "IDs of its direct replicas." }),
  }),
  async invoke({ id }, context) {
    const seen = await existingCluster(id, context);
    const replicaIds = (seen.replicas ?? []).map((replica: ListedCluster) => canonical(replica.id));
    const { detached: _, ...facts } = describeReplica(seen);
    return { ...facts, replicaIds };
  },
});

/** Reads one replica. */
export const getReplica = defineFunction({
  name: "getReplica",
  description: "Reads a Crunchy Bridge replica by its ID, even if it was detached.",
  system: crunchyBridge,
  args: z.object({ id: idOf("the replica") }),
  example: { id: "v3eygkynpfb7xjxpclzvkhnwxe" },
  requests: [
    "GET /clusters/{id}",
    "GET /clusters/{id}/status: unless the first response has the state",
  ],
  result: z.object(replicaShape),
  invoke: async ({ id }, context) => describeReplica(await existingCluster(id, context)),
});

/** Reads the replicas of a cluster. */
export const getReplicas = defineFunction({
  name: "getReplicas",
  description:
    "Reads the direct replicas of a Crunchy Bridge cluster. For the replicas of a replica, pass the replica's ID.",
  system: crunchyBridge,
  args: z.object({ clusterId: idOf("the cluster") }),
  example: { clusterId: "rvf73a77ozfsvcttryebfrnlem" },
  requests: [
    "GET /clusters/{clusterId}",
    "GET /clusters/{clusterId}/status: unless the first response has the state",
    "GET /clusters/{id}: one per replica",
    "GET /clusters/{id}/status: one per replica whose response lacks the state",
  ],
  result: z.object({
    replicas: z.array(z.object(replicaShape)).meta({ description: "The replicas." }),
  }),
  async invoke({ clusterId }, context) {
    const cluster = await existingCluster(clusterId, context);
    // Nested in its parent, a replica may lack host and parent: each needs a request of its own.
    const replicas = await Promise.all(
      (cluster.replicas ?? []).map(({ id }) => context.api.get(id, context)),
    );
    return { replicas: replicas.filter((seen) => seen !== undefined).map(describeReplica) };
  },
});

async function existingCluster(
  id: string,
  { api, ...context }: Reading<CrunchyBridgeApi>,
): Promise<ClusterWithState> {
  const seen = await api.get(id, context);
  if (!seen) throw new NoSuchResource(`Crunchy Bridge has no cluster ${id}.`);
  return seen;
}

function describeReplica(seen: ClusterWithState) {
  const usage = seen.disk_usage;
  return {
    id: canonical(seen.id),
    detached: parentOf(seen) === null,
    ...describeCluster(seen),
    diskTotalMb: usage?.disk_total_size_mb,
    diskUsedMb: usage?.disk_used_mb,
    diskAvailableMb: usage?.disk_available_mb,
  };
}
