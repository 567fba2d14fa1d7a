import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { toUuid } from "../simulators/crunchybridge.ts";
import { opsOf, told } from "./formation-support.ts";
import { primaryId, reading, replica, settling, stackOf } from "./replica-support.ts";
import type { Args } from "./support.ts";

test("a replica is created, kept, refreshed and destroyed", async () => {
  const { bridge, workspace, sent, living } = await stackOf(replica());

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ create: 1 });
  expect(sent()).toEqual([]);

  await workspace.up();
  const { id, name, host } = living();
  expect(name).toMatch(/^it-[0-9a-f]{7}$/);
  expect(bridge.requests[0]?.body).toEqual({ name });
  expect(sent()).toEqual(["POST primary/replicas", ...settling(id)]);

  const { inputs, outputs, ...it } = resourceNamed(await workspace.exportState(), "it");
  expect(it.id).toBe(id);
  expect(inputs).toMatchObject({ clusterId: primaryId, name });
  expect(String(inputs?.__provider).length).toBeLessThanOrEqual(500);
  expect(outputs).toMatchObject({
    ...{
      clusterId: primaryId,
      parentId: primaryId,
      name,
      host,
      state: "ready",
      planId: "standard-8",
    },
    ...{ providerId: "aws", regionId: "us-east-1", storage: 100, cpu: 2, memory: 8 },
    ...{ isHa: false, isProtected: false, isSuspended: false, detached: false, majorVersion: 16 },
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  });

  const again = await workspace.up();
  expect(again.changes).toEqual({ same: 1 });
  expect(sent()).toEqual([]);

  const refreshed = await workspace.refresh();
  expect(refreshed.changes).toEqual({ same: 1 });
  expect(bridge.requests).toHaveLength(2);
  expect(sent()).toEqual(reading(id));

  const destroyed = await workspace.destroy();
  expect(destroyed.changes).toEqual({ delete: 1 });
  expect(sent()).toEqual([`DELETE ${id}`, `GET ${id}`]);
  expect(bridge.destroyed.has(id)).toBe(true);
});

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

const settings = { environment: "production", isProtected: true, maintenanceWindowStart: 3 };
const sized = { name: "orders-read", planId: "standard-8", storage: 100, isHa: true, ...settings };

test("each change in place is an update that says what it does; another spelling is none", async () => {
  const { bridge, workspace, declare, sent, living } = await stackOf(replica(sized), {
    operationSeconds: 2500,
  });
  await workspace.up();
  const { id } = living();
  sent();

  const upgrade = "an upgrade; connections are interrupted shortly when it switches over.";
  const others = { name: "orders-copy", environment: "", isProtected: false };
  const previews: [change: Args, op: string | undefined, warning: string][] = [
    [{ planId: "standard-16" }, "update it", `planId: ${upgrade}`],
    [{ storage: 200 }, "update it", `storage: ${upgrade}`],
    [{ isHa: false }, "update it", ""],
    [{ maintenanceWindowStart: 0 }, "update it", ""],
    [others, "update it", ""],
    [
      {
        ...{ clusterId: toUuid(primaryId), storage: "100", isHa: "true", isProtected: "true" },
        ...{ maintenanceWindowStart: "3", detached: false },
      },
      undefined,
      "",
    ],
  ];
  for (const [change, op, warning] of previews) {
    await declare(replica({ ...sized, ...change }));
    const preview = await workspace.preview();
    expect(opsOf(preview), JSON.stringify(change)).toEqual(op ? [op] : []);
    expect(told(preview), JSON.stringify(change)).toContain(warning);
    if (!warning) expect(told(preview)).toBe("");
  }
  expect(sent()).toEqual([]);

  const grown = { ...sized, planId: "standard-16", storage: 200 };
  await declare(replica(grown));
  await workspace.up();
  const [upgraded] = bridge.requests.filter(({ method }) => method === "POST");
  expect(upgraded?.body).toEqual({ plan_id: "standard-16", storage: 200 });
  expect(bridge.count("GET", `/clusters/${id}/status`)).toBeGreaterThan(2);
  expect(sent()).toEqual([...settling(id), `POST ${id}/upgrade`, ...settling(id)]);
  expect(living()).toMatchObject({ id, plan_id: "standard-16", storage: 200 });
  const { outputs } = resourceNamed(await workspace.exportState(), "it");
  expect(outputs).toMatchObject({ planId: "standard-16", storage: 200, cpu: 4, memory: 16 });

  await declare(replica({ ...grown, ...others, maintenanceWindowStart: 0 }));
  await workspace.up();
  const [patched] = bridge.requests.filter(({ method }) => method === "PATCH");
  expect(patched?.body).toEqual({
    ...{ name: "orders-copy", environment: "", is_protected: false, maintenance_window_start: 0 },
  });
  expect(sent()).toEqual([...reading(id), `PATCH ${id}`]);

  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(sent()).toEqual([]);
});

test("optional inputs removed from the program are cleared, or kept where the server needs a value", async () => {
  const { bridge, workspace, declare, sent, living } = await stackOf(replica(sized));
  await workspace.up();
  const { id } = living();
  sent();
  await declare(replica());

  const result = await workspace.up();

  expect(result.changes).toEqual({ update: 1 });
  const [patched] = bridge.requests.filter(({ method }) => method === "PATCH");
  expect(patched?.body).toEqual({
    ...{ environment: "", is_protected: false, maintenance_window_start: -1 },
  });
  expect(sent()).toEqual([
    ...settling(id),
    ...[`PUT ${id}/actions/disable-ha`, ...settling(id)],
    `PATCH ${id}`,
  ]);
  expect(living()).toMatchObject({
    ...{ name: "orders-read", plan_id: "standard-8", storage: 100, is_ha: false },
    ...{ environment: null, is_protected: false, maintenance_window_start: null },
  });

  await declare(
    replica({ isHa: false, isProtected: false, environment: "", maintenanceWindowStart: -1 }),
  );
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  await workspace.refresh();
  await declare(replica());
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(sent()).toEqual(reading(id));
});

test("storage never shrinks: less is refused in the preview, and what autoresize added is kept", async () => {
  const { bridge, workspace, declare, sent, living } = await stackOf(replica({ storage: 200 }));
  await workspace.up();
  const { id } = living();
  sent();

  await declare(replica({ storage: 150 }));
  const refused = await workspace.preview({ expectFailure: true });
  expect(told(refused)).toContain(
    "storage: 200 → 150: refuse: storage can't shrink: make a replica with less, or leave it",
  );
  await workspace.up({ expectFailure: true });
  expect(sent()).toEqual([]);

  bridge.autoresize(id, 300);
  await declare(replica({ storage: 200 }));
  await workspace.refresh();
  expect(resourceNamed(await workspace.exportState(), "it").outputs?.storage).toBe(300);
  expect((await workspace.preview()).changes).toEqual({ same: 1 });

  await declare(replica({ storage: 250 }));
  const kept = await workspace.up();
  expect(kept.changes).toEqual({ same: 1 });
  expect(told(kept)).toContain(
    "storage is 300 GB on the server already, which can't shrink to 250.",
  );
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
