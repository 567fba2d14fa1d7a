import type { AkkerisSimulator } from "./akkeris.ts";
import type { AntflySimulator } from "./antfly.ts";
import type { CrunchyBridgeSimulator, SimCluster } from "./crunchybridge.ts";

/*
 * What the stacks in the examples name and do not make themselves: it is there before they
 * run, as in an account of one's own.
 */

/** Adds the cluster that the example's replica follows. */
export function addPlatformPrimary(simulator: CrunchyBridgeSimulator): SimCluster {
  return simulator.addCluster({ id: "rvf73a77ozfsvcttryebfrnlem", name: "demo-primary" });
}

/** Adds the example's app, one per stack: `shop` in the spaces `dev`, `staging` and `production`. */
export function addPlatformApps(simulator: AkkerisSimulator): void {
  for (const space of ["dev", "staging", "production"]) simulator.addApp(`shop-${space}`);
}

/** Adds the connection through which the example's backups reach their bucket. */
export function addPlatformConnection(simulator: AntflySimulator): void {
  simulator.addConnection("backups", { protocol: "s3", buckets: ["example-backups"] });
}
