import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { toUuid } from "../simulators/crunchybridge.ts";
import { opsOf, told } from "./formation-support.ts";
import { primaryId, reading, replica, settling, stackOf } from "./replica-support.ts";

const newFirst = ["create-replacement it", "replace it", "delete-replaced it"];
const oldFirst = ["delete-replaced it", "replace it", "create-replacement it"];

test("another parent, network, provider or region is a replacement, the new one first", async () => {
  const { bridge, workspace, declare, add, sent, living } = await stackOf("");
  const { id: other } = add({ name: "payments-primary" });
  const network = bridge.addNetwork().id;
  await declare(replica({ networkId: toUuid(network) }));
  await workspace.up();
  const { id: old, name } = living();
  expect(living().network_id).toBe(network);
  sent();

  const elsewhere = { providerId: "gcp", planId: "standard-8", regionId: "us-central1" };
  const previews: [change: object, replaced: string[]][] = [
    [{ networkId: network }, []],
    [{ networkId: bridge.addNetwork({ region_id: "us-west-2" }).id }, ["networkId"]],
    [{ regionId: "us-west-2" }, ["regionId"]],
    [elsewhere, ["providerId", "regionId"]],
    [{ networkId: network, clusterId: other }, ["clusterId"]],
  ];
  for (const [change, replaced] of previews) {
    await declare(replica({ ...change }));
    const preview = await workspace.preview();
    expect(opsOf(preview), JSON.stringify(change)).toEqual(replaced.length > 0 ? newFirst : []);
    expect(preview.steps[0]?.replaceKeys.toSorted()).toEqual(replaced);
  }
  expect(sent()).toEqual([]);

  let atDeletion: string[] = [];
  bridge.onAnswer = ({ method }) => {
    if (method !== "DELETE") return;
    atDeletion = bridge.replicasOf(other).map(({ state }) => state);
  };
  const replaced = await workspace.up();
  expect(opsOf(replaced)).toEqual(newFirst);
  const { id, name: another } = living();
  expect(another).not.toBe(name);
  expect(living()).toMatchObject({ parent_id: other, network_id: network });
  expect(atDeletion).toEqual(["ready"]);
  expect(sent()).toEqual([
    ...[`POST ${other}/replicas`, ...settling(id)],
    ...[`DELETE ${old}`, `GET ${old}`],
  ]);

  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});

test("a replacement that keeps an explicit name has the old one gone first, and says so", async () => {
  const { bridge, workspace, declare, sent, living } = await stackOf(
    replica({ name: "orders-read" }),
  );
  await workspace.up();
  const { id: old } = living();
  sent();
  await declare(replica({ name: "orders-copy", regionId: "us-west-2" }));
  expect(opsOf(await workspace.preview())).toEqual(newFirst);

  await declare(replica({ name: "orders-read", regionId: "us-west-2" }));
  const result = await workspace.up({ withPreview: true });

  expect(opsOf(result)).toEqual(oldFirst);
  expect(told(result)).toContain(
    "The replica keeps its name, so it is gone before the new one exists.",
  );
  const { id, name, region_id } = living();
  expect({ name, region_id }).toEqual({ name: "orders-read", region_id: "us-west-2" });
  expect(bridge.destroyed.has(old)).toBe(true);
  expect(sent()).toEqual([
    ...[`DELETE ${old}`, `GET ${old}`],
    ...["POST primary/replicas", ...settling(id)],
  ]);
});

test("a protected replica is neither replaced nor destroyed until an up of its own has unprotected it", async () => {
  const { bridge, workspace, declare, sent, living } = await stackOf(
    replica({ isProtected: true }),
  );
  await workspace.up();
  const { id: old } = living();
  sent();

  await declare(replica({ regionId: "us-west-2" }));
  const refused = await workspace.preview({ expectFailure: true });
  expect(told(refused)).toContain(`Replica ${old}: refused.`);
  expect(told(refused)).toContain("set isProtected to false in a `pulumi up` of its own first");
  expect(sent()).toEqual([]);

  const kept = await workspace.destroy({ expectFailure: true });
  expect(told(kept)).toMatch(
    /answered 400: The cluster is protected: set is_protected to false first \(request ID [a-z2-7]{26}\)\./,
  );
  expect(told(kept)).toContain("set isProtected to false in a `pulumi up` of its own first.");
  expect(sent()).toEqual([`DELETE ${old}`]);
  expect(resourceNamed(await workspace.exportState(), "it").id).toBe(old);

  await declare(replica());
  await workspace.up();
  expect(sent()).toEqual([...reading(old), `PATCH ${old}`]);
  await declare(replica({ regionId: "us-west-2" }));
  expect(opsOf(await workspace.up())).toEqual(newFirst);
  expect(bridge.destroyed.has(old)).toBe(true);
  expect(living().region_id).toBe("us-west-2");
});

test("a replica that the server could not create stays in the state, and the next up replaces it, the old one first", async () => {
  const { bridge, workspace, sent, living } = await stackOf(replica());
  bridge.failCreation = true;

  const failed = await workspace.up({ expectFailure: true });

  const { id: old, name } = living();
  expect(told(failed)).toContain('the server reports the state "creation_failed"');
  const partial = resourceNamed(await workspace.exportState(), "it");
  expect(partial).toMatchObject({
    id: old,
    initErrors: [expect.stringContaining("creation_failed")],
    inputs: { clusterId: primaryId, name, __provider: expect.any(String) },
    outputs: { state: "creation_failed" },
  });
  sent();

  const preview = await workspace.preview();
  expect(opsOf(preview)).toEqual(oldFirst);
  expect(told(preview)).toContain("replace: the server could not create it");
  expect(sent()).toEqual([]);

  await workspace.up();
  const { id } = living();
  expect(living()).toMatchObject({ name, state: "ready" });
  expect(sent()).toEqual([
    ...[`DELETE ${old}`, `GET ${old}`],
    ...["POST primary/replicas", ...settling(id)],
  ]);
});

test("a parent that is not known yet is an undecided replacement, decided by the up", async () => {
  const copy = `
    export const copy = new Replica("copy", {
      clusterId: it.host.apply(() => "${primaryId}"),
      isProtected: true,
    });`;
  const { bridge, workspace, declare, sent } = await stackOf(replica() + copy);
  expect((await workspace.preview()).changes).toEqual({ create: 2 });
  await workspace.up();
  const kept = [...bridge.clusters.values()].find(({ name }) => name.startsWith("copy-"));
  expect(kept).toMatchObject({ parent_id: primaryId });
  await declare(replica({ isHa: true }) + copy);
  sent();

  const preview = await workspace.preview();

  expect(preview.changes).toEqual({ update: 1, replace: 1 });
  const undecided = preview.steps.find(({ name, op }) => name === "copy" && op === "replace");
  expect(undecided?.replaceKeys).toEqual(["clusterId"]);
  expect(told(preview)).toContain("clusterId: replace: undecided until the value is known");

  const decided = await workspace.up();
  expect(decided.changes).toEqual({ update: 1, same: 1 });
  expect(sent().filter((line) => line.includes(kept?.id ?? "none"))).toEqual([]);
});

test("a replica of a replica follows its parent's replacement, and goes before its old parent", async () => {
  const child = `export const child = new Replica("child", { clusterId: it.id });`;
  const { bridge, workspace, declare, sent } = await stackOf(replica() + child);
  await workspace.up();
  const [parent] = bridge.replicasOf(primaryId);
  const [old] = bridge.replicasOf(parent?.id ?? "");
  expect(old?.name).toMatch(/^child-/);
  sent();
  await declare(replica({ regionId: "us-west-2" }) + child);

  const result = await workspace.up();

  expect(result.changes).toEqual({ replace: 2 });
  expect(sent().filter((line) => line.startsWith("DELETE "))).toEqual([
    `DELETE ${old?.id}`,
    `DELETE ${parent?.id}`,
  ]);
  const [grown] = bridge.replicasOf(primaryId);
  expect(bridge.replicasOf(grown?.id ?? "")).toMatchObject([{ region_id: "us-west-2" }]);
  expect(bridge.clusters.size).toBe(3);

  await workspace.destroy();
  expect([...bridge.clusters.keys()]).toEqual([primaryId]);
});
