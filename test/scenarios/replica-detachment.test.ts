import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { primaryId, reading, replica, settling, stackOf } from "./replica-support.ts";
import { opsOf, told } from "./support.ts";

test("detached, a replica becomes an independent primary, from which there is no way back", async () => {
  // Half a second, so that the up has to wait for it.
  const stack = await stackOf(replica());
  const { bridge, workspace, declare, add, sent, living } = stack;
  bridge.detachSeconds = 2500;
  const { id: other } = add({ name: "payments-primary" });
  await workspace.up();
  const { id, name } = living();
  await declare(replica({ detached: true }));
  sent();

  const preview = await workspace.preview();
  expect(opsOf(preview)).toEqual(["update it"]);
  expect(told(preview)).toContain(
    "detached: the replica becomes an independent primary and no longer receives changes from its parent. This cannot be undone.",
  );
  expect(sent()).toEqual([]);

  await workspace.up();
  expect(bridge.count("PUT")).toBe(1);
  expect(sent()).toEqual([...settling(id), `PUT ${id}/actions/detach`, ...reading(id)]);
  expect(living()).toMatchObject({ id, name, parent_id: null });
  const { outputs } = resourceNamed(await workspace.exportState(), "it");
  expect(outputs).toMatchObject({ clusterId: primaryId, detached: true });
  expect(outputs?.parentId).toBeUndefined();

  await workspace.refresh();
  expect(sent()).toEqual(reading(id));
  await declare(replica({ detached: true, clusterId: other }));
  expect((await workspace.up()).changes).toEqual({ same: 1 });
  expect(sent()).toEqual([]);

  for (const change of [{ detached: false }, {}]) {
    await declare(replica({ clusterId: other, ...change }));
    const refused = await workspace.preview({ expectFailure: true });
    expect(told(refused)).toContain(
      "refuse: an independent primary can't become a replica again: create another replica",
    );
  }
  expect(sent()).toEqual([]);

  await declare(replica({ detached: true, clusterId: other, regionId: "us-west-2" }));
  const lost = await workspace.preview();
  expect(lost.changes).toEqual({ replace: 1 });
  expect(told(lost)).toContain("everything written to it since then is LOST.");

  const destroyed = await workspace.destroy();
  expect(told(destroyed)).toContain("The replica is detached: its data is destroyed with it.");
  expect(bridge.destroyed.has(id)).toBe(true);
});
