import { expect, test } from "vitest";
import type { Found } from "../../../../cli/discover/model.ts";
import { completedFile } from "../../../../cli/discover/output/completion.ts";
import { pendingCreations } from "../../../../cli/recover/creation.ts";
import type { ResourceState } from "../../../../cli/stack/deployment.ts";
import { unknownValue, type Values } from "../../../../provider/resource/values.ts";
import { creation, type Host } from "../../command.ts";
import { appFormation, formation, found, secret } from "./made-up.ts";

/** What a program asks to have the formation of made-up.ts. */
const asked = (inputs: Values = {}): Values => ({
  ...{ name: "events", region: "us-east-1", coordinatorTune: "r5.large" },
  ...{ coordinatorDiskSize: 512, workerTune: "r5.large", workerCount: 2, workerDiskSize: 512 },
  ...inputs,
});

const primary = "rvf73a77ozfsvcttryebfrnlem";
const nested = "eaevtjiudzeq7bsqbbpiscund4";

const replica = (id: string, name: string, state: Values = {}) =>
  found("Replica", id, name, {
    ...{
      clusterId: primary,
      name,
      planId: "hobby-2",
      networkId: primary,
      storage: 10,
      state: "ready",
    },
    ...{ detached: false, isHa: false, isProtected: false, ...state },
  });

/** Completes the file that Pulumi writes for a program that creates these. */
function completed(creations: ResourceState[], all: Found[], entries: object[] = []) {
  const pending = creations.map((resource) => ({ type: "creating", resource }));
  const state = { version: 3, deployment: { resources: [], pending_operations: pending } };
  const resources = creations.map(({ type, urn }) => ({
    ...{ type, name: urn.split("::").at(-1) ?? "", id: "<PLACEHOLDER>" },
  }));
  const file = { resources: entries.length > 0 ? (entries as typeof resources) : resources };
  const { file: written, ...rest } = completedFile(file, pendingCreations(state), all);
  return { ids: written.resources.map(({ id }) => id), ...rest };
}

const open = "<PLACEHOLDER>";

test.each<{ what: string; wanted: ResourceState[]; all: Found[]; ids: string[] }>([
  {
    what: "a formation by name and region, among others of that name",
    wanted: [creation("db", "Formation", asked())],
    all: [formation("f1", "events", { region: "eu-west-1" }), formation("f2", "events")],
    ids: ["f2"],
  },
  {
    what: "one without a name in the program by its logical name",
    wanted: [creation("events", "Formation", asked({ name: "events-1a2b3c4", __autoname: true }))],
    all: [formation("f1", "events"), formation("f2", "other")],
    ids: ["f1"],
  },
  {
    what: "a replica by name, of two with one parent",
    wanted: [creation("copy", "Replica", { clusterId: primary, name: "orders-copy" })],
    all: [replica("r1", "orders-audit"), replica("r2", "orders-copy")],
    ids: ["r2"],
  },
  {
    what: "a replica whose parent is still to be imported",
    wanted: [creation("nested", "Replica", { clusterId: unknownValue, name: "orders-nested" })],
    all: [replica("r1", "orders-copy"), replica("r2", "orders-nested", { clusterId: nested })],
    ids: ["r2"],
  },
  {
    what: "an app formation and a secret by their places",
    wanted: [
      creation("web", "AppFormation", { app: "shop-dev", type: "web", size: "gp1", quantity: 1 }),
      creation("key", "AntflySecret", { key: "openai.key", value: "mine" }),
    ],
    all: [secret("openai.key"), appFormation("shop-dev", "web"), appFormation("shop-eu", "web")],
    ids: ["shop-dev/web", "openai.key"],
  },
])("filled in: $what", ({ wanted, all, ids }) => {
  expect(completed(wanted, all)).toMatchObject({ ids, filled: ids.length, isOpen: false });
});

const manager = { stack: "production", urn: "urn:pulumi:production::p::t::events" };

test.each<{ what: string; wanted: ResourceState; all: Found[]; says: string }>([
  {
    what: "what only a replacement would bring to what the program asks",
    wanted: creation("db", "Formation", asked({ workerCount: 9 })),
    all: [formation("f1", "events")],
    says: "db (Formation): what has its name differs in what only a replacement changes: f1 (workerCount is 2, not 9). Put what the server has into the program first.",
  },
  {
    what: "two that fit",
    wanted: creation("db", "Formation", asked()),
    all: [formation("f1", "events"), formation("f2", "events")],
    says: "db (Formation): 2 resources fit: f1, f2. Put the right ID in place of <PLACEHOLDER>.",
  },
  {
    what: "what a stack manages",
    wanted: creation("db", "Formation", asked()),
    all: [formation("f1", "events", {}, { managers: [manager] })],
    says: "nothing that exists has its name or place",
  },
  {
    what: "what is being created",
    wanted: creation("db", "Formation", asked()),
    all: [formation("f1", "events", { state: "creating" }, { pending: 'state "creating"' })],
    says: 'it is not ready (state "creating")',
  },
  {
    what: "another name of a replica, which the next run would rename",
    wanted: creation("copy", "Replica", { clusterId: primary, name: "orders-copy" }),
    all: [replica("r1", "orders-audit")],
    says: "nothing that exists has its name or place",
  },
  {
    what: "what is in another account than the program's provider",
    wanted: {
      ...creation("db", "Formation", asked()),
      provider: "urn:pulumi:test::scenario::pulumi:providers:formations::eu::id",
    },
    all: [formation("f1", "events")],
    says: "nothing was found in the account of provider eu",
  },
  {
    what: "a class of the TypeScript package",
    wanted: creation("db", "Formation", asked(), "dynamic" satisfies Host),
    all: [formation("f1", "events")],
    says: "Pulumi cannot import into the TypeScript classes",
  },
])("left open: $what", ({ wanted, all, says }) => {
  const { ids, filled, isOpen, remarks } = completed([wanted], all);
  expect({ ids, filled, isOpen }).toEqual({ ids: [open], filled: 0, isOpen: true });
  expect(remarks.join("\n")).toContain(says);
});

test("what others made of the file stays: IDs, other packages, components", () => {
  const entries = [
    { type: "formations:index:Formation", name: "db", id: "mine" },
    { type: "random:index:Id", name: "id", id: open },
    { type: "my:index:Component", name: "shop", component: true },
  ];
  const wanted = [creation("db", "Formation", asked())];

  expect(completed(wanted, [formation("f1", "events")], entries)).toEqual({
    ...{ ids: ["mine", open, undefined], filled: 0, isOpen: false, remarks: [] },
  });
});

test("of two resources of one name in different components each is found by its parent", () => {
  const inside = (parent: string, type: string): ResourceState => ({
    ...creation("web", "AppFormation", {
      app: "shop-dev",
      type,
      size: "gp1",
      quantity: 1,
      command: "x",
    }),
    urn: `urn:pulumi:test::scenario::my:index:Shop$formations:index:AppFormation::web`,
    parent: `urn:pulumi:test::scenario::my:index:Shop::${parent}`,
  });
  const type = "formations:index:AppFormation";
  const entries = [
    { type: "my:index:Shop", name: "one", component: true },
    { type: "my:index:Shop", name: "two", component: true },
    { type, name: "web", id: open, parent: "one" },
    { type, name: "webAppFormation", logicalName: "web", id: open, parent: "two" },
  ];
  const all = [appFormation("shop-dev", "jobs"), appFormation("shop-dev", "cron")];

  const { ids } = completed([inside("two", "cron"), inside("one", "jobs")], all, entries);

  expect(ids).toEqual([undefined, undefined, "shop-dev/jobs", "shop-dev/cron"]);
});
