import { expect, vi } from "vitest";
import type { Values } from "../../../provider/resource/values.ts";
import { toUuid } from "../../../simulators/crunchybridge.ts";
import { primaryId } from "../../crunchybridge/subjects.ts";
import { crunchyBridgeSystem, networks, otherPrimaryId, replicaOf } from "./crunchybridge.ts";
import { type Declared, Late, type Program, Reference } from "./program.ts";
import type { Sent } from "./record.ts";
import { lifecycle } from "./suite.ts";

function replica(change: Values = {}, options?: Values): Declared {
  const properties = { clusterId: primaryId, ...change };
  return { type: "Replica", properties, ...(options && { options }) };
}

const size = { planId: "standard-8", storage: 100 };
const settings = { environment: "production", isProtected: true, maintenanceWindowStart: 3 };
const full = { name: "removed", ...size, isHa: true, ...settings };
const none = { isHa: false, isProtected: false, environment: "", maintenanceWindowStart: -1 };
const set = { name: "drifted", planId: "standard-8", environment: "production", isHa: true };
const ignoring = { ignoreChanges: ["planId", "environment"] };
const moved = new Reference("moved", "id");

const first: Program = {
  plan: replica(size),
  both: replica(),
  available: replica(),
  settings: replica({ name: "settings" }),
  removed: replica(full),
  spelt: replica({ ...size, isHa: true, maintenanceWindowStart: 0 }),
  defaults: replica(),
  network: replica({ networkId: networks.near }),
  near: replica({ networkId: toUuid(networks.near) }),
  moved: replica(),
  child: replica({ clusterId: moved }),
  late: replica({ clusterId: new Late(primaryId, new Reference("moved", "host")) }),
  parent: replica(),
  provider: replica(),
  named: replica({ name: "named" }),
  detached: replica(),
  drifted: replica(set),
  ignored: replica({ ...set, name: "ignored" }, ignoring),
  grown: replica({ storage: 200 }),
  outside: replica(),
  placed: replica({ regionId: "us-west-2" }),
  gone: replica(),
};
const changed: Program = {
  ...first,
  plan: replica({ planId: "standard-16", storage: 100 }),
  both: replica({ planId: "standard-16", storage: 200 }),
  available: replica({ isHa: true }),
  settings: replica({ name: "settings-0000001", ...settings }),
  removed: replica(),
  spelt: replica({ clusterId: toUuid(primaryId), ...size, isHa: true, maintenanceWindowStart: 0 }),
  defaults: replica({ ...none, detached: false }),
  network: replica({ networkId: networks.far }),
  near: replica({ networkId: networks.near }),
  moved: replica({ regionId: "eu-west-1" }),
  parent: replica({ clusterId: otherPrimaryId }),
  provider: replica({ planId: "standard-8", providerId: "gcp", regionId: "us-central1" }),
  named: replica({ name: "named", regionId: "us-west-2" }),
  detached: replica({ detached: true }),
};
const adopted: Program = {
  ...changed,
  settings: replica({ name: "settings-0000001" }),
  grown: replica({ storage: 250 }),
  detached: replica({ detached: true, clusterId: otherPrimaryId }),
  outside: replica({ detached: true }),
};
const more: Program = {
  ...adopted,
  failed: replica(),
  asked: replica({ isHa: true, environment: "production" }),
};

const of = (alias: string) => `/clusters/${alias}`;
const autonamed = (name: string) =>
  expect.stringMatching(new RegExp(`^${name}-([0-9a-f]{7}|\\(hash\\))$`));

/** What a wait until a cluster is at rest sends. */
const settling = (alias: string): Sent[] => [
  `GET ${of(alias)}/status`,
  `GET ${of(alias)}/upgrade`,
  `GET ${of(alias)}`,
];
/** What reading a cluster sends: its own answer lacks the state. */
const reading = (alias: string): Sent[] => [`GET ${of(alias)}`, `GET ${of(alias)}/status`];
const deletion = (alias: string): Sent[] => [`DELETE ${of(alias)}`, `GET ${of(alias)}`];

/** A creation, which asks for a name that the provider made unless told. */
function creation(alias: string, body: object = {}, parent = "primary"): Sent[] {
  const asked = { name: autonamed(alias.replace("'", "")), ...body };
  return [[`POST ${of(parent)}/replicas`, asked], ...settling(alias)];
}

const upgrade = (alias: string, body: object): Sent[] => [
  [`POST ${of(alias)}/upgrade`, body],
  ...settling(alias),
];
const setHa = (alias: string, action: "enable" | "disable"): Sent[] => [
  `PUT ${of(alias)}/actions/${action}-ha`,
  ...settling(alias),
];
const patch = (alias: string, body: object): Sent => [`PATCH ${of(alias)}`, body];
const everything = { environment: "production", is_protected: true, maintenance_window_start: 3 };
const cleared = { environment: "", is_protected: false, maintenance_window_start: -1 };
const each = (program: Program, op: string) =>
  Object.fromEntries(Object.keys(program).map((name) => [name, op]));

/** The replicas that have replaced others of their names, in the end. */
const successors = ["child", "moved", "parent", "provider", "network", "named", "gone", "failed"];
const aliasOf = (name: string) => (successors.includes(name) ? `${name}'` : name);
const byName = (program: Program, sent: (alias: string) => Sent[]) =>
  Object.fromEntries(Object.keys(program).map((name) => [name, sent(aliasOf(name))]));

const upgraded = (property: string) =>
  `warning: ${property}: an upgrade that starts now; connections are`;
const undecided = ["info: clusterId: replace: treated as a replacement until the value is known"];
const said = {
  plan: [upgraded("planId")],
  both: [upgraded("planId"), upgraded("storage")],
  detached: ["warning: detached: the replica becomes an independent primary"],
  named: [
    "info: replace: names are unique in a team",
    "warning: The replica keeps its name, so it is destroyed before the new one is created.",
  ],
};
const planned = {
  ...each({ plan: replica(), both: replica(), available: replica() }, "update"),
  ...each({ settings: replica(), removed: replica(), detached: replica() }, "update"),
  network: "replace new first: networkId",
  moved: "replace new first: regionId",
  child: "replace new first: clusterId",
  parent: "replace new first: clusterId",
  provider: "replace new first: providerId, regionId",
  named: "replace old first: regionId",
};
const placed = {
  placed: [
    'warning: regionId is "eu-west-1" on the server but "us-west-2" in the program. Only a replacement could change it back,',
  ],
};
const drift = {
  ...placed,
  drifted: [upgraded("planId")],
  outside: ["warning: The replica was detached outside the program"],
};
const failed = { failed: ["info: replace: the server could not create it"] };

lifecycle("replicas", {
  quickOnPlugin: true,
  system: crunchyBridgeSystem,
  steps: [
    {
      title: "a preview of creations sends nothing",
      program: first,
      run: "preview",
      expected: { plan: each(first, "create") },
    },
    {
      title: "a creation is one POST, waited for, and one request for each kind of change",
      run: "up",
      expected: {
        plan: each(first, "create"),
        requests: {
          ...Object.fromEntries(Object.keys(first).map((name) => [name, creation(name)])),
          plan: creation("plan", { plan_id: "standard-8" }),
          settings: creation("settings", { name: "settings" }),
          removed: [
            ...creation("removed", { name: "removed", plan_id: "standard-8" }),
            ...setHa("removed", "enable"),
            patch("removed", everything),
          ],
          spelt: [
            ...creation("spelt", { plan_id: "standard-8" }),
            ...setHa("spelt", "enable"),
            patch("spelt", { maintenance_window_start: 0 }),
          ],
          network: creation("network", { network_id: "near" }),
          near: creation("near", { network_id: "near" }),
          child: creation("child", {}, "moved"),
          named: creation("named", { name: "named" }),
          drifted: [
            ...creation("drifted", { name: "drifted", plan_id: "standard-8" }),
            ...setHa("drifted", "enable"),
            patch("drifted", { environment: "production" }),
          ],
          ignored: [
            ...creation("ignored", { name: "ignored", plan_id: "standard-8" }),
            ...setHa("ignored", "enable"),
            patch("ignored", { environment: "production" }),
          ],
          grown: [...creation("grown"), ...upgrade("grown", { storage: 200 })],
          placed: creation("placed", { region_id: "us-west-2" }),
        },
        contents: { child: { parent_id: "moved" }, removed: { ...everything, is_ha: true } },
        state: {
          both: {
            id: "both",
            inputs: { clusterId: "primary" },
            outputs: { ...size, state: "ready", parentId: "primary", detached: false },
          },
        },
      },
    },
    {
      title: "a preview without a change is empty, and sends nothing",
      run: "preview",
      expected: {},
    },
    {
      title: "less storage is refused before anything is sent",
      program: { ...first, grown: replica({ storage: 150 }) },
      run: "up",
      expected: { errors: { grown: ["storage: 200 → 150: refuse: storage can't shrink"] } },
    },
    {
      title: "the replacement of a protected one is refused before anything is sent",
      program: { ...first, removed: replica({ ...full, regionId: "eu-west-1" }) },
      run: "up",
      expected: {
        errors: { removed: ["refuse: the server does not destroy a protected cluster"] },
      },
    },
    {
      title: "a preview says what a change updates, replaces and interrupts, and what is undecided",
      program: changed,
      run: "preview",
      expected: {
        plan: { ...planned, late: "replace new first: clusterId" },
        says: { ...said, child: undecided, late: undecided },
        details: {
          both: { planId: "update", storage: "update" },
          removed: { isHa: "delete", environment: "delete" },
          moved: { regionId: "update-replace" },
        },
      },
    },
    {
      title:
        "updates send what changed; a name that is kept is given up before it is taken again, others after",
      run: "up",
      expected: {
        plan: planned,
        says: said,
        requests: {
          plan: [...settling("plan"), ...upgrade("plan", { plan_id: "standard-16" })],
          both: [...settling("both"), ...upgrade("both", { plan_id: "standard-16", storage: 200 })],
          available: [...settling("available"), ...setHa("available", "enable")],
          settings: [
            ...reading("settings"),
            patch("settings", { name: "settings-0000001", ...everything }),
          ],
          removed: [
            ...settling("removed"),
            ...setHa("removed", "disable"),
            patch("removed", cleared),
          ],
          detached: [
            ...settling("detached"),
            `PUT ${of("detached")}/actions/detach`,
            ...reading("detached"),
          ],
          network: [...creation("network'", { network_id: "far" }), ...deletion("network")],
          moved: [...creation("moved'", { region_id: "eu-west-1" }), ...deletion("moved")],
          child: [...creation("child'", {}, "moved'"), ...deletion("child")],
          parent: [...creation("parent'", {}, "payments"), ...deletion("parent")],
          provider: [
            ...creation("provider'", {
              plan_id: "standard-8",
              provider_id: "gcp",
              region_id: "us-central1",
            }),
            ...deletion("provider"),
          ],
          named: [
            ...deletion("named"),
            ...creation("named'", { name: "named", region_id: "us-west-2" }),
          ],
        },
        contents: {
          both: { plan_id: "standard-16", storage: 200, state: "ready" },
          removed: { name: "removed", plan_id: "standard-8", is_ha: false, environment: null },
          detached: { parent_id: null },
          "child'": { parent_id: "moved'" },
        },
      },
    },
    {
      title: "the way back from a detachment is refused before anything is sent",
      program: { ...changed, detached: replica() },
      run: "up",
      expected: { errors: { detached: ["refuse: an independent primary can't become a replica"] } },
    },
    {
      title: "a refresh reads each once, sees what drifted and what is gone",
      meanwhile: ({ simulator: bridge }) => {
        Object.assign(replicaOf(bridge, "drifted"), {
          ...{ plan_id: "standard-16", environment: null, is_ha: false },
          ...{ is_protected: true, maintenance_window_start: 4, storage: 300 },
        });
        Object.assign(replicaOf(bridge, "ignored"), { plan_id: "standard-16", environment: null });
        Object.assign(replicaOf(bridge, "placed"), { region_id: "eu-west-1" });
        bridge.autoresize(replicaOf(bridge, "grown").id, 300);
        bridge.detachOutOfBand(replicaOf(bridge, "outside").id);
        bridge.destroyOutOfBand(replicaOf(bridge, "gone").id);
      },
      run: "refresh",
      expected: {
        plan: { drifted: "update", ignored: "update", gone: "delete" },
        says: { ...drift, ignored: [upgraded("planId")] },
        requests: { ...byName(changed, reading), gone: [`GET ${of("gone")}`] },
      },
    },
    {
      title: "a preview puts back what can be updated, and keeps what can't, and what is ignored",
      program: changed,
      run: "preview",
      expected: {
        plan: { drifted: "update", gone: "create" },
        says: drift,
        details: {
          drifted: { planId: "update", isHa: "update", environment: "add" },
        },
      },
    },
    {
      title: "drift is put back; what the program takes over is none any more",
      program: adopted,
      run: "up",
      expected: {
        plan: { drifted: "update", settings: "update", gone: "create" },
        says: {
          ...placed,
          drifted: [upgraded("planId")],
          grown: ["warning: storage is already 300 GB on the server and can't shrink to 250."],
        },
        requests: {
          drifted: [
            ...settling("drifted"),
            // It has a maintenance window, for which the server would wait.
            ...upgrade("drifted", { plan_id: "standard-8", starting_from: "(time)" }),
            ...setHa("drifted", "enable"),
            patch("drifted", { environment: "production" }),
          ],
          settings: [...reading("settings"), patch("settings", cleared)],
          gone: creation("gone'"),
        },
        contents: {
          drifted: { plan_id: "standard-8", is_ha: true, is_protected: true, storage: 300 },
          ignored: { plan_id: "standard-16", environment: null },
        },
      },
    },
    {
      title: "creations that fail on their way are in the state",
      program: more,
      meanwhile: ({ simulator: bridge }) => {
        bridge.provisioningSeconds = 1e9;
        const body = { message: "Not today." };
        const kind = { type: "status", status: 403, body } as const;
        bridge.order({ method: "PUT", path: /enable-ha$/, kind });
      },
      during: async ({ simulator: bridge }) => {
        await vi.waitUntil(() => bridge.count("POST") === 2, { timeout: 60_000 });
        bridge.setState(replicaOf(bridge, "failed").id, "creation_failed");
        bridge.setState(replicaOf(bridge, "asked").id, "ready");
        bridge.provisioningSeconds = 300;
      },
      run: "up",
      expected: {
        plan: { failed: "create", asked: "create" },
        says: placed,
        errors: {
          failed: ['the server reports the state "creation_failed"'],
          asked: ["returned 403: Not today"],
        },
        requests: {
          failed: creation("failed").slice(0, 2),
          asked: [...creation("asked"), `PUT ${of("asked")}/actions/enable-ha`],
        },
      },
    },
    {
      title: "a preview replaces what the server could not create, and finishes what it could",
      run: "preview",
      expected: {
        plan: { failed: "replace old first: state", asked: "update" },
        says: { ...placed, ...failed },
      },
    },
    {
      title: "the next up does what is left",
      run: "up",
      expected: {
        plan: { failed: "replace old first: state", asked: "update" },
        says: { ...placed, ...failed },
        requests: {
          failed: [...deletion("failed"), ...creation("failed'")],
          asked: [
            ...settling("asked"),
            ...setHa("asked", "enable"),
            patch("asked", { environment: "production" }),
          ],
        },
        contents: { asked: { is_ha: true, environment: "production" } },
      },
    },
    {
      title: "a destruction sends one DELETE each and waits; gone already is done",
      meanwhile: ({ simulator: bridge }) => {
        bridge.destroyOutOfBand(replicaOf(bridge, "gone").id);
        replicaOf(bridge, "drifted").is_protected = false;
      },
      run: "destroy",
      expected: {
        plan: each(more, "delete"),
        says: {
          detached: ["is detached: its data is destroyed with it."],
          outside: ["is detached: its data is destroyed with it."],
        },
        requests: { ...byName(more, deletion), gone: [`DELETE ${of("gone'")}`] },
      },
    },
  ],
});
