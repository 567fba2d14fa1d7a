import { z } from "zod";
import { utc } from "../resource/values";
import type { ClusterWithState } from "./api";
import { canonical } from "./eid";

/** What is known of a cluster, primary or replica. IDs are EIDs, however the server spells them. */
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
  majorVersion: z.number().meta({ description: "Postgres's major version, for instance 17." }),
  postgresVersionId: z.string().meta({ description: "ID of that Postgres version." }),
  isHa: z.boolean().meta({ description: "Whether it has a standby (high availability)." }),
  isProtected: z.boolean().meta({ description: "Whether it is protected against destruction." }),
  isSuspended: z.boolean().meta({
    description: "Whether it is suspended: its disk is there, no machine runs.",
  }),
  environment: z.string().optional().meta({
    description: "The environment that it is marked as, for instance `production`.",
  }),
  maintenanceWindowStart: z.number().optional().meta({
    description: "Hour of the day, UTC, from which maintenance may start; absent: at any time.",
  }),
  createdAt: z.string().meta({ description: "When it was created: RFC 3339, UTC." }),
};

const cluster = z.object(clusterShape);

/** A cluster in the words of {@link clusterShape}. */
export type ClusterFacts = z.output<typeof cluster>;

/** Wire to model. */
export function describeCluster(seen: ClusterWithState): ClusterFacts {
  return {
    name: seen.name,
    state: seen.state,
    host: seen.host || undefined,
    parentId: canonical(seen.parent_id ?? undefined),
    teamId: canonical(seen.team_id),
    planId: seen.plan_id,
    networkId: canonical(seen.network_id ?? undefined),
    providerId: seen.provider_id,
    regionId: seen.region_id,
    storage: seen.storage,
    cpu: seen.cpu,
    memory: seen.memory,
    majorVersion: seen.major_version,
    postgresVersionId: canonical(seen.postgres_version_id),
    isHa: seen.is_ha,
    isProtected: seen.is_protected,
    isSuspended: seen.is_suspended,
    environment: seen.environment || undefined,
    maintenanceWindowStart: seen.maintenance_window_start ?? undefined,
    createdAt: utc(seen.created_at),
  };
}
