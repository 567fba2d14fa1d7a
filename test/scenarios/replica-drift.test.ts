import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { replica, settling, stackOf } from "./replica-support.ts";
import { opsOf, told } from "./support.ts";

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

  expect(told(failed)).toContain(`GET /clusters/${id} returned 403: No access (request ID `);
  expect(told(failed)).toContain("the key's owner is no member of its team");
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(id);
});
