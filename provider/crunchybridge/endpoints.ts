import { z } from "zod";
import { endpoint, listOf, timestamp } from "../http/endpoint";
import { path } from "../http/path";

/** A replica as its parent's answer shows it. Nested, the page's example has no host and no `parent_id`. */
const nested = z.object({
  id: z.string(),
  name: z.string(),
  created_at: timestamp(),
  get replicas() {
    return z.array(nested).nullish();
  },
});

const cluster = z.object({
  id: z.string(),
  name: z.string(),
  // Null for a primary. That it is missing would not mean that a replica was detached: demanded.
  parent_id: z.string().nullable(),
  team_id: z.string(),
  plan_id: z.string(),
  provider_id: z.string(),
  region_id: z.string(),
  network_id: z.string().nullish(),
  storage: z.number(),
  cpu: z.number(),
  // Fractional for hobby plans.
  memory: z.number(),
  major_version: z.number(),
  postgres_version_id: z.string(),
  is_ha: z.boolean(),
  is_protected: z.boolean(),
  is_suspended: z.boolean(),
  environment: z.string().nullish(),
  maintenance_window_start: z.number().nullish(),
  // Empty until the cluster is ready.
  host: z.string().nullish(),
  created_at: timestamp(),
  // The page's Cluster has none; only `/status` is sure to say it. Open: new states appear.
  state: z.string().optional(),
  // Collected about once a day, and null before the first time.
  disk_usage: z
    .object({
      disk_available_mb: z.number(),
      disk_total_size_mb: z.number(),
      disk_used_mb: z.number(),
    })
    .nullish(),
  replicas: z.array(nested).nullish(),
});

const operation = z.object({
  /** For instance `resize`, `ha_change`. */
  flavor: z.string().optional(),
  /** `scheduled`, `in_progress`, or something new. */
  state: z.string().optional(),
  starting_from: z.string().nullish(),
});

const operations = listOf(operation);

const page = z.object({
  clusters: z.array(nested),
  has_more: z.boolean(),
  next_cursor: z.string().nullish(),
});

const provider = z.object({
  id: z.string(),
  plans: z.array(z.object({ id: z.string() })),
  regions: z.array(z.object({ id: z.string() })),
});

/** A cluster as its own answer shows it: a primary, or a replica. */
export type Cluster = z.output<typeof cluster>;
/** A cluster as lists and its parent show it. */
export type ListedCluster = z.output<typeof nested>;
/** A change of a cluster that takes a while: an upgrade, a change of HA. */
export type Operation = z.output<typeof operation>;
/** A cloud provider with its plans and regions. */
export type Provider = z.output<typeof provider>;

/** The body of a replica's creation: neither storage nor HA nor version, which are inherited. */
export interface NewReplica {
  name: string;
  plan_id?: string;
  network_id?: string;
  provider_id?: string;
  region_id?: string;
}

/** What PATCH takes. `""` clears the environment, -1 the maintenance window. */
export interface ClusterPatch {
  name?: string;
  environment?: string;
  is_protected?: boolean;
  maintenance_window_start?: number;
}

/** What an upgrade takes; storage in GB. */
export interface Upgrade {
  plan_id?: string;
  storage?: number;
}

interface ClusterId {
  id: string;
}

// POST and PATCH may be repeated when an answer is lost: each call carries an Idempotency-Key, the
// same at every try, and the server replays the answer that it gave to the first.

export const createReplica = endpoint({
  operation: "create replica",
  method: "POST",
  path: ({ parentId }: { parentId: string; replica: NewReplica }) =>
    path`/clusters/${parentId}/replicas`,
  body: ({ replica }) => replica,
  repeatable: true,
  answer: cluster,
});

export const readCluster = endpoint({
  operation: "read cluster",
  method: "GET",
  path: ({ id }: ClusterId) => path`/clusters/${id}`,
  answer: cluster,
});

export const listClusters = endpoint({
  operation: "list clusters",
  method: "GET",
  path: (_: { teamId?: string; cursor?: string }) => path`/clusters`,
  query: ({ teamId, cursor }) => ({ team_id: teamId, cursor, order_field: "id" }),
  answer: page,
});

/** Not plan, storage, HA, network or region: the server takes none of these here. */
export const patchCluster = endpoint({
  operation: "update cluster",
  method: "PATCH",
  path: ({ id }: ClusterId & { patch: ClusterPatch }) => path`/clusters/${id}`,
  body: ({ patch }) => patch,
  repeatable: true,
  answer: cluster,
});

export const readStatus = endpoint({
  operation: "read status of cluster",
  method: "GET",
  path: ({ id }: ClusterId) => path`/clusters/${id}/status`,
  answer: z.object({ state: z.string(), ongoing_upgrade: z.object({ operations }).nullish() }),
});

/** Changes plan and storage in place. The plan shows at once, long before the operation ends. */
export const startUpgrade = endpoint({
  operation: "upgrade cluster",
  method: "POST",
  path: ({ id }: ClusterId & { upgrade: Upgrade }) => path`/clusters/${id}/upgrade`,
  body: ({ upgrade }) => upgrade,
  repeatable: true,
  answer: "none",
});

/** An empty list means that nothing is pending. */
export const readUpgrade = endpoint({
  operation: "read pending upgrade of cluster",
  method: "GET",
  path: ({ id }: ClusterId) => path`/clusters/${id}/upgrade`,
  answer: z.object({ operations }),
});

/** For people and scripts: no resource cancels an operation, since it may be someone else's. */
export const cancelUpgrade = endpoint({
  operation: "cancel pending upgrade of cluster",
  method: "DELETE",
  path: ({ id }: ClusterId) => path`/clusters/${id}/upgrade`,
  answer: "none",
});

export const enableHa = endpoint({
  operation: "enable high availability of cluster",
  method: "PUT",
  path: ({ id }: ClusterId) => path`/clusters/${id}/actions/enable-ha`,
  answer: "none",
});

export const disableHa = endpoint({
  operation: "disable high availability of cluster",
  method: "PUT",
  path: ({ id }: ClusterId) => path`/clusters/${id}/actions/disable-ha`,
  answer: "none",
});

/** Takes effect later; repeats are no-ops until then, and an error afterwards. */
export const detachReplica = endpoint({
  operation: "detach replica",
  method: "PUT",
  path: ({ id }: ClusterId) => path`/clusters/${id}/actions/detach`,
  answer: "none",
});

/** Takes effect later. 410 for a cluster that is gone, 404 for one that never was. */
export const destroyCluster = endpoint({
  operation: "destroy cluster",
  method: "DELETE",
  path: ({ id }: ClusterId) => path`/clusters/${id}`,
  answer: "none",
});

/**
 * Deliberately used by nothing here. The page deprecates it in favour of {@link destroyCluster},
 * which does the same, and it demands the immediate parent's ID: of a replica that was detached or
 * whose parent changed there is none that is right.
 */
export const destroyReplica = endpoint({
  operation: "destroy replica",
  method: "DELETE",
  path: ({ parentId, id }: ClusterId & { parentId: string }) =>
    path`/clusters/${parentId}/replicas/${id}`,
  answer: "none",
});

/** Works without a credential too. */
export const listProviders = endpoint({
  operation: "list providers",
  method: "GET",
  path: (_: object) => path`/providers`,
  answer: z.object({ providers: z.array(provider) }),
});
