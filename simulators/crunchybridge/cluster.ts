/** What the platform starts on its own. */
export type PlatformFlavor = "periodic_maintenance" | "maintenance" | "auto_resize" | "rekey";

/** A change that runs for a while, as `operations` list it. */
export interface SimOperation {
  /** The platform has flavors of its own, such as periodic_maintenance. */
  flavor: "resize" | "major_version_upgrade" | "ha_change" | PlatformFlavor;
  /** scheduled (`starting_from` lies ahead) or in_progress; a finished one is listed no more. */
  state: string;
  /** RFC 3339 in UTC. */
  starting_from: string;
}

/** An operation with what the server does when it ends or is cancelled. Times: simulated ms. */
export interface PendingOperation {
  flavor: SimOperation["flavor"];
  startsAt: number;
  endsAt: number;
  finish: () => void;
  cancel: () => void;
}

/** A cluster as the server has it; keys as the API spells them. */
export interface SimCluster {
  /** An EID. */
  id: string;
  name: string;
  team_id: string;
  /** The cluster that this is a replica of; null for a primary. */
  parent_id: string | null;
  plan_id: string;
  provider_id: string;
  region_id: string;
  network_id: string;
  /** GB. */
  storage: number;
  /** CPU units, by the plan. */
  cpu: number;
  /** GB, by the plan. */
  memory: number;
  is_ha: boolean;
  is_protected: boolean;
  is_suspended: boolean;
  environment: string | null;
  /** Hour of the day in UTC, 0 to 23. */
  maintenance_window_start: number | null;
  major_version: number;
  postgres_version_id: string;
  /** "" until the cluster is ready. */
  host: string;
  /** RFC 3339 in UTC, to the second. */
  created_at: string;
  updated_at: string;
  /** As `GET /clusters/{id}/status` says it; tests may set any. */
  state: string;
}

/** What is under way with a cluster. Times in simulated milliseconds. */
export interface Underway {
  /** When provisioning began. */
  creatingSince?: number;
  /** Whether provisioning ends as creation_failed. */
  fails?: boolean;
  /** When a detach takes effect. */
  detachesAt?: number;
  /** When destruction ends. */
  goneAt?: number;
  operations: PendingOperation[];
}

/** The wire's ClusterDiskUsage; null while nothing has been collected. */
export function diskUsage(cluster: SimCluster): object | null {
  if (cluster.host === "") return null;
  const total = cluster.storage * 1000;
  const used = Math.round(total / 20);
  return { disk_available_mb: total - used, disk_total_size_mb: total, disk_used_mb: used };
}

/** The operations as answers list them. */
export function listOperations(underway: Underway, now: number): SimOperation[] {
  return underway.operations.map(({ flavor, startsAt }) => ({
    flavor,
    state: startsAt > now ? "scheduled" : "in_progress",
    starting_from: new Date(startsAt).toISOString(),
  }));
}

/** What a replica shows where it is nested in its parent. */
export type NestedForm =
  /** As the API's page has it: all fields, but neither parent nor host. */
  | "documented"
  /** As an earlier page had it: a few fields; no plan, no network, no protection. */
  | "poor"
  /** As in its own answer, state included. */
  | "rich";

/** How answers show clusters. */
export interface Rendering {
  /** Adds `state`, which the API's page lacks here. */
  withState: boolean;
  /** Leaves out, or empties, what the newest description does not guarantee. */
  isSparse: boolean;
  nested: NestedForm;
}

/**
 * The wire's Cluster.
 * @param children finds a cluster's replicas.
 */
export function renderCluster(
  cluster: SimCluster,
  children: (id: string) => SimCluster[],
  rendering: Rendering,
  isNested = false,
): object {
  const { state, ...fields } = cluster;
  const replicas = children(cluster.id).map((child) =>
    renderCluster(child, children, rendering, true),
  );
  const isRich = isNested && rendering.nested === "rich";
  const isHidden = isNested && !isRich;
  const whole = {
    ...fields,
    ...(rendering.withState || isRich ? { state } : {}),
    ...(isHidden ? { host: "", parent_id: null } : {}),
    cluster_id: isHidden ? null : cluster.parent_id,
    disk_usage: diskUsage(cluster),
    replicas: replicas.length > 0 ? replicas : null,
    tailscale_active: false,
  };
  if (isNested && rendering.nested === "poor") return poor(whole);
  return rendering.isSparse ? sparse(whole) : whole;
}

function sparse({ cpu, parent_id: _, ...rest }: { cpu: number; parent_id: string | null }): object {
  return { ...rest, vcpu: cpu, provider_id: null, state: null };
}

function poor(whole: Omit<SimCluster, "state"> & { replicas: object[] | null }): object {
  const { id, team_id, provider_id, region_id, created_at, updated_at, name } = whole;
  const { major_version, storage, cpu, memory, is_ha, replicas } = whole;
  return {
    ...{ id, team_id, provider_id, region_id, created_at, updated_at, name },
    ...{ major_version, storage, cpu, memory, is_ha, replicas },
  };
}
