import { z } from "zod";
import { endpoint, timestamp } from "../http/endpoint";
import { path } from "../http/path";

/** A replica as its parent's response shows it; the page's example has neither host nor `parent_id`. */
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
  // Null for a primary. Required: a missing one would not mean that a replica was detached.
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
  // The page's Cluster has none; only `/status` is sure to have it. Open: new states appear.
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

const operations = z
  .array(operation)
  .nullish()
  .transform((list) => list ?? []);

const page = z.object({
  clusters: z.array(nested),
  has_more: z.boolean(),
  next_cursor: z.string().nullish(),
});

/** A cluster as its own response shows it: a primary or a replica. */
export type Cluster = z.output<typeof cluster>;
/** A cluster as lists and its parent show it. */
export type ListedCluster = z.output<typeof nested>;
/** A change of a cluster that takes a while: an upgrade, a change of HA. */
export type Operation = z.output<typeof operation>;
/** The body of a create request. Storage, HA and version are not part of it: they are inherited. */
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

// POST and PATCH may be retried when a response is lost: each call carries an Idempotency-Key, the same
// for every try, and the server replays its response to the first.

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

/** The server accepts no plan, storage, HA, network or region here. */
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

// DELETE of the same path cancels an upgrade that has not begun. No resource does that: the upgrade may
// be someone else's.

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

/** Takes effect later. A repeated request is a no-op until then, and an error afterwards. */
export const detachReplica = endpoint({
  operation: "detach replica",
  method: "PUT",
  path: ({ id }: ClusterId) => path`/clusters/${id}/actions/detach`,
  answer: "none",
});

/**
 * Takes effect later. 410 for a cluster that is gone, 404 for one that never existed. The page also has
 * `DELETE /clusters/{parent}/replicas/{id}`, deprecated; it demands the immediate parent, and a replica
 * that was detached has none.
 */
export const destroyCluster = endpoint({
  operation: "destroy cluster",
  method: "DELETE",
  path: ({ id }: ClusterId) => path`/clusters/${id}`,
  answer: "none",
});
