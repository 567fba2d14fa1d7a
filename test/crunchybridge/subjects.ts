import { z } from "zod";
import {
  type CrunchyBridgeOptions,
  CrunchyBridgeSimulator,
} from "../../simulators/crunchybridge.ts";
import { type Access, defineSubject, type TestSystem } from "../support/subject.ts";

/** The cluster that is there to be replicated: standard-8 with 100 GB at aws in us-east-1. */
export const primaryId = "rvf73a77ozfsvcttryebfrnlem";

/** Crunchy Bridge with a primary, so fast that a creation takes tens of milliseconds. */
export const crunchyBridge: TestSystem<CrunchyBridgeSimulator, CrunchyBridgeOptions> = {
  name: "crunchybridge",
  title: "Crunchy Bridge",
  simulator(options) {
    const simulator = new CrunchyBridgeSimulator({ speed: 5000, ...options });
    simulator.addCluster({ id: primaryId, name: "orders" });
    return simulator;
  },
  access: ({ url, token }): Access => ({
    crunchyBridgeUrl: url,
    crunchyBridgeApiKey: { secret: token },
  }),
  addExamples(simulator) {
    simulator.addCluster({ id: "v3eygkynpfb7xjxpclzvkhnwxe", parent_id: primaryId });
  },
};

/** Any cluster but the primary. */
const one = /^\/clusters\/(?!rvf73a77)\w+$/;
const post = { method: "POST", path: `/clusters/${primaryId}/replicas` };
const get = { method: "GET", path: one };
const status = { method: "GET", path: /^\/clusters\/\w+\/status$/ };
const patch = { method: "PATCH", path: one };
const upgrade = { method: "POST", path: /^\/clusters\/\w+\/upgrade$/ };
const remove = { method: "DELETE", path: one };

const inputs = { clusterId: primaryId };

const kept = z.object({
  name: z.string(),
  clusterId: z.string(),
  planId: z.string(),
  networkId: z.string(),
  storage: z.number(),
  maintenanceWindowStart: z.number(),
  createdAt: z.string(),
});

export const replica = defineSubject({
  name: "Replica",
  system: crunchyBridge,
  inputs,
  more: { environment: "production", planId: "hobby-2" },
  named: "name",
  unknowns: {
    clusterId: "update-replace",
    networkId: "update-replace",
    providerId: "update-replace",
    regionId: "update-replace",
    name: "update",
    planId: "update",
    storage: "update",
    isHa: "update",
    isProtected: "update",
    environment: "update",
    maintenanceWindowStart: "add",
    upgradeTiming: undefined,
    detached: "update",
  },
  ids: {
    invalid: [["my-replica", /an EID \(26 letters a–z and digits 2–7\) or a UUID/]],
    // The second one is the first as a UUID.
    unused: ["rvf73a77ozfsvcttryebfrnlea", "8d4bfd83-ff76-4b2a-8a73-8e0812c5ab20"],
  },
  things: ({ clusters }) =>
    [...clusters.values()]
      .filter(({ id }) => id !== primaryId)
      .map(({ id, state, parent_id, maintenance_window_start, storage }) => ({
        id,
        isLeaving: state === "destroying",
        clusterId: parent_id,
        maintenanceWindowStart: maintenance_window_start,
        storage,
      })),
  changing: {
    inputs: [
      { ...inputs, maintenanceWindowStart: 3 },
      { ...inputs, maintenanceWindowStart: 5 },
    ],
    strikes: {
      create: post,
      read: get,
      update: { ...patch, after: status },
      delete: remove,
    },
  },
  looking: {
    inputs: [
      { ...inputs, storage: 100 },
      { ...inputs, storage: 200 },
    ],
    strikes: {
      create: { ...status, after: post },
      update: { ...upgrade, after: get },
      delete: { ...get, after: remove },
    },
  },
  life(number) {
    const named = { ...inputs, name: `soak ${number}` };
    const changed = { ...named, environment: "production" };
    return { inputs: named, changed, reads: ["getReplica", (id) => ({ id })] };
  },
  lifeSends: { POST: 1, PATCH: 1, DELETE: 1 },
  mixed(pick) {
    const elsewhere = { providerId: "aws", planId: "standard-8" };
    const moving = { ...inputs, ...elsewhere, regionId: pick("us-west-2", "eu-west-1") };
    return {
      // Updated in place, with operations that take time.
      copy: {
        args: { ...inputs, environment: "production", storage: 200, isHa: pick(false, true) },
        isOnBothHosts: true,
      },
      copyOfCopy: {
        args: { maintenanceWindowStart: pick(3, 4), planId: pick("standard-8", "standard-16") },
        from: { input: "clusterId", resource: "copy" },
        isOnBothHosts: true,
      },
      // Replaced: the new one first, the old one first (its name is kept), and what hangs on that.
      far: { args: moving, isElsewhere: true },
      reports: { args: { ...moving, name: "reports", isHa: true }, isOnBothHosts: true },
      copyOfReports: { args: {}, from: { input: "clusterId", resource: "reports" } },
    };
  },
  keep(simulator, { id, outputs }) {
    const state = kept.parse(outputs);
    simulator.addCluster({
      id,
      name: state.name,
      parent_id: state.clusterId,
      plan_id: state.planId,
      network_id: state.networkId,
      storage: state.storage,
      maintenance_window_start: state.maintenanceWindowStart,
      created_at: state.createdAt,
      host: `p.${id}.crunchybridge.com`,
    });
  },
});
