import fc from "fast-check";
import { test } from "vitest";
import type { Values } from "../../provider/resource/values.ts";
import { CrunchyBridgeSimulator, type SimCluster, toUuid } from "../../simulators/crunchybridge.ts";
import { replica } from "../crunchybridge/subjects.ts";
import { type Model, modelTimeout, tryModel } from "./property.ts";

type Drift =
  | { changed: Partial<SimCluster> }
  | { autoresized: number }
  | ("detached" | "destroyed" | "failed");

const orders = "rvf73a77ozfsvcttryebfrnlem";
const sales = "v3eygkynpfb7xjxpclzvkhnwxe";
const network = "6ibnzig5avgutdgdzei2jwvvt4";

const wire: Readonly<Record<string, keyof SimCluster>> = {
  name: "name",
  planId: "plan_id",
  networkId: "network_id",
  regionId: "region_id",
  isHa: "is_ha",
  environment: "environment",
  isProtected: "is_protected",
  maintenanceWindowStart: "maintenance_window_start",
};

/** What absent, or cleared, is in the world. */
const cleared: Values = {
  environment: "",
  maintenanceWindowStart: -1,
  isHa: false,
  isProtected: false,
};

const model: Model<CrunchyBridgeSimulator, Drift> = {
  subject: replica,
  simulator() {
    const simulator = new CrunchyBridgeSimulator({ provisioningSeconds: 0, operationSeconds: 0 });
    simulator.detachSeconds = 0;
    simulator.destroyingSeconds = 0;
    simulator.addNetwork({ id: network });
    simulator.addCluster({ id: orders, name: "orders" });
    simulator.addCluster({ id: sales, name: "sales", storage: 200 });
    return simulator;
  },
  inputs: {
    clusterId: fc.constantFrom(orders, sales, toUuid(orders)),
    name: fc.constantFrom("reports", "reports two"),
    planId: fc.constantFrom("standard-8", "standard-16", "memory-16"),
    networkId: fc.constantFrom(network, toUuid(network)),
    storage: fc.constantFrom(50, 200, 300),
    isHa: fc.boolean(),
    environment: fc.constantFrom("", "production"),
    isProtected: fc.boolean(),
    maintenanceWindowStart: fc.constantFrom(-1, 0, 23),
    detached: fc.boolean(),
  },
  optional: [
    ...["name", "planId", "networkId", "storage", "isHa", "environment", "isProtected"],
    ...["maintenanceWindowStart", "detached"],
  ],
  kinds: ["create", "same", "update", "replace", "refused"],
  drifts: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        changed: fc.record(
          {
            name: fc.constantFrom("renamed"),
            plan_id: fc.constantFrom("standard-4", "standard-64"),
            is_ha: fc.boolean(),
            is_protected: fc.boolean(),
            is_suspended: fc.boolean(),
            environment: fc.constantFrom(null, "production"),
            maintenance_window_start: fc.constantFrom(null, 7),
            state: fc.constantFrom("suspended", "ready"),
          },
          { requiredKeys: [] },
        ),
      }),
    },
    { weight: 2, arbitrary: fc.record({ autoresized: fc.constantFrom(225, 450) }) },
    { weight: 1, arbitrary: fc.constantFrom<Drift>("detached", "destroyed", "failed") },
  ),
  drift(simulator, id, drift) {
    const cluster = simulator.clusters.get(id);
    if (!cluster) return;
    if (drift === "detached") simulator.detachOutOfBand(id);
    else if (drift === "destroyed") simulator.destroyOutOfBand(id);
    else if (drift === "failed") {
      // Nobody protects what was never there.
      Object.assign(cluster, { state: "creation_failed", is_protected: false });
    } else if ("changed" in drift) Object.assign(cluster, drift.changed);
    else if (drift.autoresized > cluster.storage) simulator.autoresize(id, drift.autoresized);
  },
  differences(simulator, id, program, before) {
    const seen = simulator.clusters.get(id);
    if (!seen) return ["id"];
    const removed = Object.keys(cleared).filter((key) => key in before && !(key in program));
    const asks = { ...program, ...Object.fromEntries(removed.map((key) => [key, cleared[key]])) };
    const differing = Object.entries(asks).filter(([key, value]) => {
      // Storage is asked for at least.
      if (key === "storage") return seen.storage < Number(value);
      if (key === "detached") return value !== (seen.parent_id === null);
      if (key === "clusterId") return seen.parent_id !== null && !isOf(seen.parent_id, value);
      if (key === "networkId") return !isOf(seen.network_id, value);
      const name = wire[key];
      return name !== undefined && String(seen[name] ?? cleared[key] ?? "") !== String(value);
    });
    return differing.map(([key]) => `${key === "detached" ? "detached:" : key} differs`);
  },
  touched({ method, path, body }) {
    if (method === "DELETE") return ["delete"];
    if (path.endsWith("/replicas")) return ["create"];
    if (path.endsWith("-ha")) return ["isHa"];
    if (path.endsWith("/detach")) return ["detached"];
    const names = { ...wire, storage: "storage" };
    const keys = typeof body === "object" && body !== null ? Object.keys(body) : [];
    // When to switch over is no property.
    const sent = keys.filter((key) => key !== "starting_from");
    return sent.map((key) => Object.entries(names).find(([, name]) => name === key)?.[0] ?? key);
  },
  remains: ({ clusters }, id) => clusters.get(id),
  refusals:
    /storage can't shrink|is suspended, and its|can't become a replica again|does not destroy a protected cluster/,
  release(simulator, id) {
    const cluster = simulator.clusters.get(id);
    if (cluster) cluster.is_protected = false;
  },
  isToBeReplaced: ({ clusters }, id) => clusters.get(id)?.state === "creation_failed",
  beforeDestroy: { isProtected: false },
};

test("replicas: after a run the next preview is empty, and the world is as the program asks", {
  timeout: modelTimeout,
}, async () => {
  await tryModel(model, 13);
});

function isOf(id: string, asked: unknown): boolean {
  return asked === id || asked === toUuid(id);
}
