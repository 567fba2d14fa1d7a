import { z } from "zod";
import { utc } from "../resource/values";
import { defineWire } from "../resource/wire";
import type { ClusterWithState } from "./api";
import { canonical } from "./eid";
import type { Cluster } from "./endpoints";

/*
 * A cluster as the functions show it, primary or replica. Replica shares these facts, so they stand
 * here and not in its folder.
 */

/** The properties of a cluster. IDs are EIDs, whichever spelling the server uses. */
export const clusterShape = {
  name: z.string().meta({ description: "The cluster's name." }),
  state: z.string().meta({
    description:
      "State as last seen: `ready`, `creating`, `finalizing`, `creation_failed`, `failed`, `suspended`, `destroying`, or another one.",
  }),
  host: z.string().optional().meta({ description: "Host name; absent until it is ready." }),
  parentId: z.string().optional().meta({
    description: "ID of the cluster that it replicates; absent for a primary.",
  }),
  teamId: z.string().meta({ description: "ID of the team that it belongs to." }),
  planId: z.string().meta({ description: "Its plan, for instance `standard-8`." }),
  networkId: z.string().optional().meta({ description: "ID of the network that it is in." }),
  providerId: z.string().meta({ description: "Its cloud provider, for instance `aws`." }),
  regionId: z.string().meta({ description: "Its region, for instance `us-east-1`." }),
  storage: z.number().meta({ description: "Storage in GB." }),
  cpu: z.number().meta({ description: "CPU units of its plan." }),
  memory: z.number().meta({ description: "Memory of its plan in GB; fractional for hobby plans." }),
  majorVersion: z.number().meta({ description: "Postgres major version, for instance 17." }),
  postgresVersionId: z.string().meta({ description: "ID of that Postgres version." }),
  isHa: z.boolean().meta({ description: "Whether it has a standby (high availability)." }),
  isProtected: z.boolean().meta({ description: "Whether it is protected from being destroyed." }),
  isSuspended: z.boolean().meta({
    description: "Whether it is suspended: its disk is kept, but no machine runs.",
  }),
  environment: z.string().optional().meta({
    description: "The environment that it is marked as, for instance `production`.",
  }),
  maintenanceWindowStart: z.number().optional().meta({
    description: "Hour of the day (UTC) from which maintenance may start; absent: any time.",
  }),
  createdAt: z.string().meta({ description: "When it was created: RFC 3339, UTC." }),
};

const cluster = z.object(clusterShape);

/** The values of {@link clusterShape}. */
export type ClusterFacts = z.output<typeof cluster>;

/** Its parent's ID; null: it has none, undefined: the response does not say. */
export function parentOf({ parent_id, cluster_id }: Cluster): string | null | undefined {
  return parent_id === undefined ? cluster_id : parent_id;
}

/** Where each fact is in the server's response: null, there is none; undefined, it does not say. */
export const clusterFacts = {
  name: (seen) => seen.name,
  state: (seen) => seen.state,
  host: (seen) => (seen.host === "" ? null : seen.host),
  parentId: (seen) => canonical(parentOf(seen)),
  teamId: (seen) => canonical(seen.team_id),
  planId: (seen) => seen.plan_id,
  networkId: (seen) => canonical(seen.network_id),
  providerId: (seen) => seen.provider_id,
  regionId: (seen) => seen.region_id,
  storage: (seen) => seen.storage,
  cpu: (seen) => seen.cpu ?? seen.vcpu,
  memory: (seen) => seen.memory,
  majorVersion: (seen) => seen.major_version,
  postgresVersionId: (seen) => canonical(seen.postgres_version_id),
  isHa: (seen) => seen.is_ha,
  isProtected: (seen) => seen.is_protected,
  isSuspended: (seen) => seen.is_suspended,
  // A server may leave out what is not set.
  environment: (seen) => seen.environment || null,
  maintenanceWindowStart: (seen) => seen.maintenance_window_start ?? null,
  createdAt: (seen) => seen.created_at && utc(seen.created_at),
} satisfies {
  [Key in keyof ClusterFacts]-?: (seen: ClusterWithState) => ClusterFacts[Key] | null | undefined;
};

const wire = defineWire<object, ClusterFacts, ClusterWithState, { create: object }>({
  inputs: {},
  outputs: clusterFacts,
});

/** What the server shows of a cluster, in the words of {@link clusterShape}. */
export function describeCluster(seen: ClusterWithState): ClusterFacts {
  return wire.state(seen, {});
}
