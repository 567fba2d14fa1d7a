import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { reading, replica, settling, stackOf } from "./replica-support.ts";
import { opsOf, told } from "./support.ts";

const set = { name: "orders-read", planId: "standard-8", environment: "production", isHa: true };

test("what drifted is put back by the next up, and what the program leaves to the server is kept", async () => {
  const { bridge, workspace, sent, living } = await stackOf(replica(set));
  await workspace.up();
  const { id } = living();
  Object.assign(living(), {
    ...{ name: "renamed", plan_id: "standard-16", environment: null, is_ha: false },
    ...{ is_protected: true, maintenance_window_start: 4, storage: 300 },
  });
  sent();

  await workspace.refresh();
  expect(sent()).toEqual(reading(id));
  const { outputs } = resourceNamed(await workspace.exportState(), "it");
  expect(outputs).toMatchObject({
    ...{ name: "renamed", planId: "standard-16", isHa: false, isProtected: true },
    ...{ maintenanceWindowStart: 4, storage: 300 },
  });
  const preview = await workspace.preview();
  expect(opsOf(preview)).toEqual(["update it"]);
  expect(told(preview)).toContain("planId: an upgrade");
  expect(sent()).toEqual([]);

  await workspace.up();
  const written = bridge.requests.filter(({ method }) => method !== "GET");
  expect(written.map(({ body }) => body)).toEqual([
    { plan_id: "standard-8" },
    undefined,
    { name: "orders-read", environment: "production" },
  ]);
  expect(sent()).toEqual([
    ...settling(id),
    ...[`POST ${id}/upgrade`, ...settling(id)],
    ...[`PUT ${id}/actions/enable-ha`, ...settling(id)],
    `PATCH ${id}`,
  ]);
  expect(living()).toMatchObject({
    ...{ name: "orders-read", plan_id: "standard-8", environment: "production", is_ha: true },
    ...{ is_protected: true, maintenance_window_start: 4, storage: 300 },
  });

  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(sent()).toEqual([]);
});

test("ignoreChanges holds on drifted properties, also while another one is updated", async () => {
  const options = `{ ignoreChanges: ["planId", "environment"] }`;
  const { bridge, workspace, declare, sent, living } = await stackOf(replica(set, options));
  await workspace.up();
  Object.assign(living(), { plan_id: "standard-16", environment: null });
  await workspace.refresh();
  sent();

  await declare(replica({ ...set, planId: "standard-4" }, options));
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
  await declare(replica({ ...set, planId: "standard-4", maintenanceWindowStart: 4 }, options));
  await workspace.up();

  const written = bridge.requests.filter(({ method }) => method !== "GET");
  expect(written.map(({ body }) => body)).toEqual([{ maintenance_window_start: 4 }]);
  expect(living()).toMatchObject({ plan_id: "standard-16", environment: null });
});

test("where it is, seen elsewhere, is kept with a warning: only the program replaces", async () => {
  const { workspace, sent, living } = await stackOf(replica({ regionId: "us-west-2" }));
  await workspace.up();
  Object.assign(living(), { region_id: "eu-west-1" });
  await workspace.refresh();
  sent();

  const kept = await workspace.up();

  expect(kept.changes).toEqual({ same: 1 });
  expect(told(kept)).toContain(
    'regionId is "eu-west-1" on the server but "us-west-2" in the program, which only a replacement could undo.',
  );
  expect(sent()).toEqual([]);
});

test("destroyed outside of the program: an update says so, a refresh notices, up creates again, destroy succeeds", async () => {
  const { bridge, workspace, declare, sent, living } = await stackOf(replica());
  await workspace.up();
  const { id, name } = living();
  bridge.destroyOutOfBand(id);
  sent();

  await declare(replica({ isProtected: true }));
  const failed = await workspace.up({ expectFailure: true });
  expect(told(failed)).toContain(`Replica ${id} is gone from the server. Run \`pulumi refresh\``);
  expect(sent()).toEqual([`GET ${id}`]);

  const refreshed = await workspace.refresh();
  expect(opsOf(refreshed)).toEqual(["delete it"]);
  expect(sent()).toEqual([`GET ${id}`]);

  await declare(replica());
  await workspace.up();
  const { id: again } = living();
  expect(living().name).toBe(name);
  expect(sent()).toEqual(["POST primary/replicas", ...settling(again)]);

  bridge.destroyOutOfBand(again);
  const destroyed = await workspace.destroy();
  expect(destroyed.changes).toEqual({ delete: 1 });
  expect(sent()).toEqual([`DELETE ${again}`]);
});

test("an answer that forbids to read it doesn't mean that it is gone", async () => {
  const { bridge, workspace, living } = await stackOf(replica());
  await workspace.up();
  const { id } = living();
  const body = { message: "No access." };
  bridge.order({ method: "GET", kind: { type: "status", status: 403, body } });

  const failed = await workspace.refresh({ expectFailure: true });

  expect(told(failed)).toContain(`GET /clusters/${id} answered 403: No access (request ID `);
  expect(told(failed)).toContain("the key's owner is no member of its team");
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(id);
});
