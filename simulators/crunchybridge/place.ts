import type { z } from "zod";
import type { replicaBody } from "./bodies.ts";
import { findPlan, hasRegion } from "./catalogue.ts";
import type { SimCluster } from "./cluster.ts";
import type { SimNetwork } from "./world.ts";

/** Where a replica goes; without a network it gets a new one of its own. */
export type Place =
  | { provider_id: string; region_id: string; plan_id: string; network_id?: string }
  | { message: string };

/**
 * Decides provider, region, plan and network of a replica: the parent's, unless asked otherwise.
 * A network excludes a region, save at gcp, whose networks span regions and demand one.
 */
export function place(
  parent: SimCluster,
  asked: z.infer<typeof replicaBody>,
  networks: Map<string, SimNetwork>,
): Place {
  let { provider_id, region_id, network_id } = parent;
  if (asked.network_id !== undefined) {
    const network = networks.get(asked.network_id);
    if (network === undefined) return { message: "network_id: no such network" };
    const spansRegions = network.provider_id === "gcp";
    if (spansRegions && asked.region_id === undefined) {
      return { message: "a network at gcp demands region_id" };
    }
    if (!spansRegions && asked.region_id !== undefined) {
      return { message: "network_id and region_id can't both be set" };
    }
    provider_id = network.provider_id;
    region_id = asked.region_id ?? network.region_id;
    network_id = network.id;
  } else {
    provider_id = asked.provider_id ?? provider_id;
    region_id = asked.region_id ?? region_id;
  }
  const plan_id = asked.plan_id ?? parent.plan_id;
  if (!hasRegion(provider_id, region_id)) {
    return { message: `region_id: ${provider_id} has no region ${region_id}` };
  }
  if (findPlan(provider_id, plan_id) === undefined) {
    return { message: `plan_id: ${provider_id} has no plan ${plan_id}` };
  }
  const stays =
    asked.network_id !== undefined ||
    (provider_id === parent.provider_id && region_id === parent.region_id);
  return { provider_id, region_id, plan_id, ...(stays ? { network_id } : {}) };
}
