import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import type { OperationResult } from "../../build/engine/workspace.ts";
import type { Values } from "../../provider/resource/values.ts";
import { toUuid } from "../../simulators/crunchybridge.ts";
import type { Program } from "./lifecycle/program.ts";
import { primaryId, reading, replica, settling, stackOf } from "./replica-support.ts";
import { told } from "./support.ts";

test("a creation that asks for all sends one request for each kind of change, and waits between", async () => {
  const everything = {
    ...{ name: "orders-read", planId: "standard-16", providerId: "aws", regionId: "us-west-2" },
    ...{ storage: 200, isHa: true, environment: "production", maintenanceWindowStart: 3 },
    ...{ isProtected: true, detached: true },
  };
  // Half a second each: a second operation before the first has ended would be refused.
  const { bridge, workspace, sent, living } = await stackOf(replica(everything), {
    operationSeconds: 2500,
  });

  await workspace.up();

  const { id } = living();
  const written = bridge.requests.filter(({ method }) => method !== "GET");
  expect(written.map(({ body }) => body)).toEqual([
    { name: "orders-read", plan_id: "standard-16", provider_id: "aws", region_id: "us-west-2" },
    { storage: 200 },
    undefined,
    { environment: "production", is_protected: true, maintenance_window_start: 3 },
    undefined,
  ]);
  expect(sent()).toEqual([
    ...["POST primary/replicas", ...settling(id)],
    ...[`POST ${id}/upgrade`, ...settling(id)],
    ...[`PUT ${id}/actions/enable-ha`, ...settling(id)],
    `PATCH ${id}`,
    ...[`PUT ${id}/actions/detach`, ...reading(id)],
  ]);
  expect(living()).toMatchObject({
    ...{ name: "orders-read", plan_id: "standard-16", region_id: "us-west-2", storage: 200 },
    ...{ is_ha: true, environment: "production", maintenance_window_start: 3, is_protected: true },
    ...{ parent_id: null, state: "ready" },
  });
  const { outputs } = resourceNamed(await workspace.exportState(), "it");
  expect(outputs).toMatchObject({ clusterId: primaryId, ...everything });
  expect(outputs?.parentId).toBeUndefined();

  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

/** A replica's arguments before and after a change in place. */
interface Row {
  from?: Values;
  to: Values;
  warning?: string;
  /** The writes that carry it out, with their bodies. */
  writes: [request: string, body: unknown][];
}

const settings = { environment: "production", isProtected: true, maintenanceWindowStart: 3 };
const cleared = { environment: "", is_protected: false, maintenance_window_start: -1 };
const noSettings = { isHa: false, isProtected: false, environment: "", maintenanceWindowStart: -1 };
const upgraded =
  "an upgrade that starts now; connections are interrupted briefly when it switches over.";
const everySize = { planId: "standard-8", storage: 100 };

const rows: Record<string, Row> = {
  plan: {
    from: everySize,
    to: { planId: "standard-16", storage: 100 },
    warning: `planId: ${upgraded}`,
    writes: [["POST upgrade", { plan_id: "standard-16" }]],
  },
  storage: {
    from: everySize,
    to: { planId: "standard-8", storage: 200 },
    warning: `storage: ${upgraded}`,
    writes: [["POST upgrade", { storage: 200 }]],
  },
  both: {
    to: { planId: "standard-16", storage: 200 },
    writes: [["POST upgrade", { plan_id: "standard-16", storage: 200 }]],
  },
  highAvailability: { to: { isHa: true }, writes: [["PUT actions/enable-ha", undefined]] },
  midnight: {
    to: { maintenanceWindowStart: 0 },
    writes: [["PATCH", { maintenance_window_start: 0 }]],
  },
  settings: {
    from: { name: "settings" },
    to: { name: "renamed", ...settings },
    writes: [
      [
        "PATCH",
        {
          ...{ name: "renamed", environment: "production", is_protected: true },
          maintenance_window_start: 3,
        },
      ],
    ],
  },
  removed: {
    from: { name: "removed", ...everySize, isHa: true, ...settings },
    to: {},
    writes: [
      ["PUT actions/disable-ha", undefined],
      ["PATCH", cleared],
    ],
  },
  respelled: {
    from: { ...everySize, isHa: true, ...settings },
    to: {
      ...{ clusterId: toUuid(primaryId), ...everySize, isHa: true },
      ...settings,
    },
    writes: [],
  },
  defaults: { to: { ...noSettings, detached: false }, writes: [] },
  noDefaults: { from: noSettings, to: {}, writes: [] },
};

test("changes in place are updates of one request each; other words for the same are none", async () => {
  const program = (side: "from" | "to"): Program =>
    Object.assign({}, ...Object.entries(rows).map(([name, row]) => replica(row[side], {}, name)));
  const { bridge, workspace, declare, sent } = await stackOf(program("from"), {
    operationSeconds: 2500,
  });
  await workspace.up();
  const state = await workspace.exportState();
  const ids = new Map(Object.keys(rows).map((name) => [name, resourceNamed(state, name).id]));
  await declare(program("to"));
  sent();

  const preview = await workspace.preview();
  expect(sent()).toEqual([]);
  const updated = await workspace.up();

  for (const [name, { warning, writes }] of Object.entries(rows)) {
    const id = ids.get(name);
    const op = writes.length > 0 ? "update" : "same";
    const ofIt = ({ steps }: OperationResult) => steps.filter((step) => step.name === name);
    expect(ofIt(preview), name).toMatchObject([{ op }]);
    expect(ofIt(updated), name).toMatchObject([{ op, id }]);
    if (warning) expect(told(preview)).toContain(`warning: ${warning}`);
    const written = bridge.requests
      .filter(({ method, path }) => method !== "GET" && path.includes(`/${id}`))
      .map(({ method, path, body }) => [method + path.replace(/.*?\w{26}\/?/, " "), body]);
    expect(
      written.map(([request, body]) => [String(request).trim(), body]),
      name,
    ).toEqual(writes);
  }
  expect(told(preview).match(/warning: /g)).toHaveLength(4);
  sent();

  expect((await workspace.up()).changes).toEqual({ same: Object.keys(rows).length });
  expect(sent()).toEqual([]);
  const grown = resourceNamed(await workspace.exportState(), "both").outputs;
  expect(grown).toMatchObject({ planId: "standard-16", storage: 200, cpu: 4, memory: 16 });
  expect(bridge.clusters.get(ids.get("removed") ?? "")).toMatchObject({
    ...{ name: "removed", plan_id: "standard-8", storage: 100, is_ha: false },
    ...{ environment: null, is_protected: false, maintenance_window_start: null },
  });
});

test("an update waits for an upgrade: its plan shows at once, its end does not", async () => {
  const { bridge, workspace, declare, sent, living } = await stackOf(replica(everySize), {
    operationSeconds: 2500,
  });
  await workspace.up();
  const { id } = living();
  await declare(replica({ ...everySize, planId: "standard-16" }));
  sent();

  await workspace.up();

  expect(bridge.underwayWith(id).operations).toEqual([]);
  expect(bridge.count("GET", `/clusters/${id}/status`)).toBeGreaterThan(2);
  expect(sent()).toEqual([...settling(id), `POST ${id}/upgrade`, ...settling(id)]);
});

test("storage never shrinks: less is refused in the preview, and what autoresize added is kept", async () => {
  const { bridge, workspace, declare, sent, living } = await stackOf(replica({ storage: 200 }));
  await workspace.up();
  const { id } = living();
  sent();

  await declare(replica({ storage: 150 }));
  const refused = await workspace.preview({ expectFailure: true });
  expect(told(refused)).toContain(
    "storage: 200 → 150: refuse: storage can't shrink: create a replica with less, or keep its size",
  );
  await workspace.up({ expectFailure: true });
  expect(sent()).toEqual([]);

  bridge.autoresize(id, 300);
  await declare(replica({ storage: 200 }));
  await workspace.refresh();
  expect(resourceNamed(await workspace.exportState(), "it").outputs?.storage).toBe(300);
  const grown = await workspace.preview();
  expect(grown.changes).toEqual({ same: 1 });
  expect(told(grown)).toBe("");

  await declare(replica({ storage: 250 }));
  const kept = await workspace.up();
  expect(kept.changes).toEqual({ same: 1 });
  expect(told(kept)).toContain("storage is already 300 GB on the server and can't shrink to 250.");
  sent();

  // The storage that it has, though the program asks for less, is not sent along.
  await declare(replica({ storage: 250, planId: "standard-16" }));
  await workspace.up();
  const [upgraded] = bridge.requests.filter(({ method }) => method === "POST");
  expect(upgraded?.body).toEqual({ plan_id: "standard-16" });

  await declare(replica({ storage: 400, planId: "standard-16" }));
  bridge.clearRequests();
  await workspace.up();
  expect(bridge.requests.find(({ method }) => method === "POST")?.body).toEqual({ storage: 400 });
  expect(living()).toMatchObject({ id, storage: 400, plan_id: "standard-16" });
});
