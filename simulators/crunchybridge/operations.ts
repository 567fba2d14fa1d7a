import type { z } from "zod";
import type { SimAnswer } from "../kit/route.ts";
import { ok, refuse } from "./answers.ts";
import type { upgradeBody } from "./bodies.ts";
import { findPlan } from "./catalogue.ts";
import { listOperations, type PendingOperation, type SimCluster } from "./cluster.ts";
import { type CrunchyBridgeWorld, notRunning, postgresVersions } from "./world.ts";

/** The answer that lists what is pending on a cluster. */
export function showOperations(world: CrunchyBridgeWorld, cluster: SimCluster) {
  const operations = listOperations(world.underwayWith(cluster.id), world.clock.now());
  return { cluster_id: cluster.id, operations, team_id: cluster.team_id };
}

/** Flavors that `POST` and `DELETE …/upgrade` are about. */
const upgrades = ["resize", "major_version_upgrade"];

/**
 * Starts an upgrade: at the time that is asked, else in the maintenance window, else at once. The new plan
 * shows at once, unless the world says otherwise; storage and version when the operation ends.
 */
export function upgrade(
  world: CrunchyBridgeWorld,
  cluster: SimCluster,
  asked: z.infer<ReturnType<typeof upgradeBody>>,
): SimAnswer {
  const { plan_id, storage, postgres_version_id: version, starting_from } = asked;
  const invalid = refuseChange(cluster, asked) ?? refuseOperation(world, cluster);
  if (invalid !== undefined) return invalid;
  const old = { plan_id: cluster.plan_id, cpu: cluster.cpu, memory: cluster.memory };
  const takePlan = () => {
    if (plan_id === undefined) return;
    Object.assign(cluster, { plan_id }, world.planSize(cluster.provider_id, plan_id));
  };
  if (world.showsPlanAtOnce) takePlan();
  world.beginOperation(
    cluster,
    {
      flavor: version === undefined ? "resize" : "major_version_upgrade",
      finish: () => {
        takePlan();
        cluster.storage = Math.max(cluster.storage, storage ?? 0);
        if (version === undefined) return;
        cluster.postgres_version_id = version;
        cluster.major_version = postgresVersions.get(version) ?? cluster.major_version;
      },
      cancel: () => void Object.assign(cluster, old),
    },
    starting_from ?? nextWindow(cluster.maintenance_window_start, world.clock.now()),
  );
  return { status: 201, body: showOperations(world, cluster) };
}

/** Cancels what has not started; with nothing pending there is nothing to do. */
export function cancelUpgrade(world: CrunchyBridgeWorld, cluster: SimCluster): SimAnswer {
  const underway = world.underwayWith(cluster.id);
  const own = underway.operations.filter(({ flavor }) => upgrades.includes(flavor));
  if (own.some(({ startsAt }) => startsAt <= world.clock.now())) {
    return refuse(409, "The operation is in progress and can't be cancelled.");
  }
  for (const operation of own) operation.cancel();
  underway.operations = underway.operations.filter((operation) => !own.includes(operation));
  return ok(showOperations(world, cluster));
}

/**
 * Starts a change of HA; `is_ha` shows it when it ends. A no-op where the cluster is as asked or
 * the same change already runs.
 * @returns the refusal, if any.
 */
export function changeHa(
  world: CrunchyBridgeWorld,
  cluster: SimCluster,
  enabled: boolean,
): SimAnswer | undefined {
  const pending = world.underwayWith(cluster.id).operations;
  const isChanging = pending.some(({ flavor }) => flavor === "ha_change");
  if ((isChanging ? !cluster.is_ha : cluster.is_ha) === enabled) return undefined;
  const refusal = refuseOperation(world, cluster);
  if (refusal !== undefined) return refusal;
  const finish = () => {
    cluster.is_ha = enabled;
  };
  world.beginOperation(cluster, { flavor: "ha_change", finish, cancel: () => {} });
  return undefined;
}

function refuseChange(
  cluster: SimCluster,
  asked: z.infer<ReturnType<typeof upgradeBody>>,
): SimAnswer | undefined {
  const { plan_id, storage, postgres_version_id: version } = asked;
  if (plan_id !== undefined && findPlan(cluster.provider_id, plan_id) === undefined) {
    return refuse(400, `plan_id: ${cluster.provider_id} has no plan ${plan_id}`);
  }
  if (storage !== undefined && storage < cluster.storage) {
    return refuse(400, `storage: can't shrink from ${cluster.storage} to ${storage} GB`);
  }
  const major = version === undefined ? cluster.major_version : postgresVersions.get(version);
  if (major === undefined || major < cluster.major_version) {
    return refuse(400, "postgres_version_id: unknown, or older than the cluster's");
  }
  const isAsAsked =
    (plan_id ?? cluster.plan_id) === cluster.plan_id &&
    (storage ?? cluster.storage) === cluster.storage &&
    (version ?? cluster.postgres_version_id) === cluster.postgres_version_id;
  return isAsAsked ? refuse(400, "The cluster already is as asked.") : undefined;
}

/** When the next maintenance window begins, in simulated milliseconds; undefined: there is none. */
function nextWindow(hour: number | null, now: number): number | undefined {
  if (hour === null) return undefined;
  const start = new Date(now).setUTCHours(hour, 0, 0, 0);
  return start > now ? start : start + 24 * 3600 * 1000;
}

function refuseOperation(world: CrunchyBridgeWorld, cluster: SimCluster): SimAnswer | undefined {
  if (notRunning.includes(cluster.state)) {
    return refuse(400, `A cluster in state ${cluster.state} can't be changed.`);
  }
  if (cluster.state === "suspended") return refuse(400, "Bad Request");
  const now = world.clock.now();
  const isInTheWay = ({ flavor, startsAt }: PendingOperation) =>
    startsAt <= now || [...upgrades, "ha_change"].includes(flavor);
  return world.underwayWith(cluster.id).operations.some(isInTheWay)
    ? refuse(409, "Another operation is pending on the cluster.")
    : undefined;
}
