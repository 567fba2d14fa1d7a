import { z } from "zod";
import { type DeploymentState, resourceNamed } from "../../build/engine/state.ts";
import type { Platform } from "../../simulators/platform.ts";

const formationState = z.object({
  name: z.string(),
  region: z.string(),
  createdAt: z.string(),
  databaseUrl: z
    .object({ plaintext: z.string() })
    .transform(({ plaintext }): unknown => JSON.parse(plaintext))
    .pipe(z.string()),
});
const replicaState = z.object({
  name: z.string(),
  clusterId: z.string(),
  planId: z.string(),
  networkId: z.string(),
  storage: z.number(),
  maintenanceWindowStart: z.number(),
  createdAt: z.string(),
});
const appFormationState = z.object({
  type: z.string(),
  quantity: z.number(),
  size: z.string(),
  port: z.number().optional(),
  oneoff: z.boolean().optional(),
  formationId: z.string(),
  createdAt: z.string(),
});

/**
 * Puts into the simulators what a kept state says that the servers have: the formation `events`, the
 * replica `reports`, and the app formations `web` and `migration`.
 *
 * @param state with its secrets in plain text
 */
export function prepareWorld(platform: Platform, state: DeploymentState): void {
  const { id = "", outputs } = resourceNamed(state, "events");
  const events = formationState.parse(outputs);
  platform.citus.addFormation({
    id,
    name: events.name,
    region: events.region,
    created_at: events.createdAt,
    database_url: events.databaseUrl,
  });
  const replica = resourceNamed(state, "reports");
  const reports = replicaState.parse(replica.outputs);
  platform.crunchyBridge.addCluster({
    id: replica.id,
    name: reports.name,
    parent_id: reports.clusterId,
    plan_id: reports.planId,
    network_id: reports.networkId,
    storage: reports.storage,
    maintenance_window_start: reports.maintenanceWindowStart,
    created_at: reports.createdAt,
    host: `p.${replica.id}.crunchybridge.com`,
  });
  for (const name of ["web", "migration"]) {
    const { formationId, createdAt, ...asked } = appFormationState.parse(
      resourceNamed(state, name).outputs,
    );
    const row = platform.akkeris.addFormation("shop-dev", { command: undefined, ...asked });
    Object.assign(row, { id: formationId, createdAt });
  }
}
