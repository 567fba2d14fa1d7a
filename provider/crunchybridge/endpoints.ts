import { z } from "zod";
import { endpoint } from "../http/endpoint";
import { neededList, nullableField, optionalField, optionalList, timestamp } from "../http/fields";
import { path } from "../http/path";

// IDs are needed, everything else counts as not said where a response lacks it.

/**
 * A cluster as lists show it, and a replica as its parent's response shows it: the page's example of that
 * has neither host nor `parent_id`. A list of replicas that can't be read is an error: it could have the one
 * that a create looks for.
 */
const listed = z.object({
  id: z.string(),
  name: optionalField(z.string()),
  // Null for a primary; `cluster_id` is its older name. Neither: not said, which is not "detached".
  parent_id: nullableField(z.string()),
  cluster_id: nullableField(z.string()),
  team_id: optionalField(z.string()),
  plan_id: optionalField(z.string()),
  provider_id: optionalField(z.string()),
  region_id: optionalField(z.string()),
  network_id: nullableField(z.string()),
  storage: optionalField(z.number()),
  // `vcpu` takes the place of `cpu`. Both have been fractional, as the memory of hobby plans is.
  cpu: optionalField(z.number()),
  vcpu: optionalField(z.number()),
  memory: optionalField(z.number()),
  major_version: optionalField(z.number()),
  postgres_version_id: optionalField(z.string()),
  is_ha: optionalField(z.boolean()),
  is_protected: optionalField(z.boolean()),
  is_suspended: optionalField(z.boolean()),
  environment: nullableField(z.string()),
  maintenance_window_start: nullableField(z.number()),
  // Empty until the cluster is ready.
  host: nullableField(z.string()),
  created_at: optionalField(timestamp()),
  // Deprecated, and null in places: `/status` has it too. Open: new states appear.
  state: optionalField(z.string()),
  // Collected about once a day, and null before the first time.
  disk_usage: optionalField(
    z.object({
      disk_available_mb: optionalField(z.number()),
      disk_total_size_mb: optionalField(z.number()),
      disk_used_mb: optionalField(z.number()),
    }),
  ),
  get replicas() {
    return z.array(listed).nullish();
  },
});

const cluster = listed.extend({
  replicas: z.array(listed).nullish().catch(undefined),
});

const operation = z.object({
  /** For instance `resize`, `ha_change`, `periodic_maintenance`; empty where there is nothing to do. */
  flavor: optionalField(z.string()),
  /** `scheduled`, `in_progress`, or something new. */
  state: optionalField(z.string()),
  /** When it starts, or may start. */
  starting_from: optionalField(timestamp()),
});

const operations = z
  .array(operation)
  .nullish()
  .transform((list) => list ?? []);

const paging = {
  has_more: optionalField(z.boolean()),
  next_cursor: optionalField(z.string()),
};

const provider = z.object({
  // Not guaranteed; a region belongs to one provider all the same.
  id: optionalField(z.string()),
  // In cents per month: of a plan, and of each GB.
  plans: optionalList(z.object({ id: z.string(), rate: optionalField(z.number().min(0)) })),
  disk: optionalField(z.object({ rate: optionalField(z.number().min(0)) })),
  regions: optionalList(z.object({ id: z.string(), multiplier: optionalField(z.number().min(0)) })),
});

/** Cloud providers with their prices. A price that can't be read counts as not published. */
export const providers = neededList(provider);

/** A cloud provider, as far as prices go. */
export type Provider = z.output<typeof provider>;

/** A cluster as its own response shows it: a primary or a replica. */
export type Cluster = z.output<typeof cluster>;
/** A cluster as lists and its parent show it. */
export type ListedCluster = z.output<typeof listed>;
/** What a part of a list says of the parts that follow. */
export type Paging = z.output<z.ZodObject<typeof paging>>;
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
  /**
   * When it may switch over: RFC 3339, less than 72 hours ahead. Without it, in the next maintenance
   * window, or as soon as it can where the cluster has none.
   */
  starting_from?: string;
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

/** The same, for its replicas: see {@link listed}. */
export const readReplicas = endpoint({
  operation: "read replicas of cluster",
  method: "GET",
  path: ({ id }: ClusterId) => path`/clusters/${id}`,
  answer: listed,
});

/** Without a team, those of the personal team only. */
export const listClusters = endpoint({
  operation: "list clusters",
  method: "GET",
  path: (_: { teamId?: string; cursor?: string }) => path`/clusters`,
  query: ({ teamId, cursor }) => ({ team_id: teamId, cursor, limit: "100", order_field: "id" }),
  answer: z.object({ clusters: z.array(listed), ...paging }),
});

/** The page documents no paging. */
export const listTeams = endpoint({
  operation: "list teams",
  method: "GET",
  path: (_: { cursor?: string }) => path`/teams`,
  query: ({ cursor }) => ({ cursor }),
  answer: z.object({ teams: neededList(z.object({ id: z.string() })), ...paging }),
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
  answer: z.object({
    state: optionalField(z.string()),
    ongoing_upgrade: optionalField(z.object({ operations })),
  }),
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

/** Cancels an upgrade that has not switched over. 200 or 204. */
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

/** Plans, regions and prices of all cloud providers. */
export const listProviders = endpoint({
  operation: "list providers",
  method: "GET",
  path: (_: undefined) => path`/providers`,
  answer: z.object({ providers }),
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
