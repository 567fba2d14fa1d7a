import type { AkkerisSimulator } from "./akkeris.ts";
import type { AntflySimulator } from "./antfly.ts";
import type { CrunchyBridgeSimulator, SimCluster } from "./crunchybridge.ts";

/*
 * What the stacks in the examples name and do not make themselves: it is there before they
 * run, as in an account of one's own.
 */

/** The cluster that the example's replica follows. */
export const platformPrimary = { id: "rvf73a77ozfsvcttryebfrnlem", name: "demo-primary" };

/** The example's app, one per stack: `shop` in the spaces `dev`, `staging` and `production`. */
export const platformApps = ["shop-dev", "shop-staging", "shop-production"];

/** The bucket of the example's backups. */
export const platformBucket = "example-backups";

/** Adds {@link platformPrimary}. */
export function addPlatformPrimary(simulator: CrunchyBridgeSimulator): SimCluster {
  return simulator.addCluster(platformPrimary);
}

/** Adds {@link platformApps}. */
export function addPlatformApps(simulator: AkkerisSimulator): void {
  for (const name of platformApps) simulator.addApp(name);
}

/** Adds the connection through which the example's backups reach their bucket. */
export function addPlatformConnection(simulator: AntflySimulator): void {
  simulator.addConnection("backups", { protocol: "s3", buckets: [platformBucket] });
}
