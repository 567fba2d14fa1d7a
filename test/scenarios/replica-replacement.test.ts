import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { toUuid } from "../simulators/crunchybridge.ts";
import { primaryId, reading, replica, settling, stackOf } from "./replica-support.ts";
import { type Args, opsOf, told } from "./support.ts";

const newFirst = ["create-replacement it", "replace it", "delete-replaced it"];
const oldFirst = ["delete-replaced it", "replace it", "create-replacement it"];

test("another parent, network, provider or region is a replacement, the new one first", async () => {
  const { bridge, workspace, declare, add, sent } = await stackOf("");
  const { id: other } = add({ name: "payments-primary" });
  const { id: near } = bridge.addNetwork();
  const { id: far } = bridge.addNetwork({ region_id: "us-west-2" });
  const plan = { planId: "standard-8" };
  const rows: Record<string, { to: Args; replaces: string[]; has: object }> = {
    parent: { to: { clusterId: other }, replaces: ["clusterId"], has: { parent_id: other } },
    network: { to: { networkId: far }, replaces: ["networkId"], has: { network_id: far } },
    region: {
      to: { regionId: "eu-west-1" },
      replaces: ["regionId"],
      has: { region_id: "eu-west-1" },
    },
    provider: {
      to: { ...plan, providerId: "gcp", regionId: "us-central1" },
      replaces: ["providerId", "regionId"],
      has: { provider_id: "gcp", region_id: "us-central1" },
    },
  };
  const kept = [replica({ networkId: toUuid(near) }, "{}", "kept")];
  const names = Object.keys(rows);
  await declare([...kept, ...names.map((name) => replica({}, "{}", name))].join("\n"));
  await workspace.up();
  const before = new Map([...bridge.clusters].map(([id, { name }]) => [id, name]));
  const changed = Object.entries(rows).map(([name, { to }]) => replica(to, "{}", name));
  await declare([replica({ networkId: near }, "{}", "kept"), ...changed].join("\n"));
  sent();

  const preview = await workspace.preview();
  expect(sent()).toEqual([]);
  const atDeletion: string[] = [];
  bridge.onAnswer = ({ method, path }) => {
    const old = before.get(path.replace("/clusters/", ""))?.split("-")[0];
    if (method !== "DELETE" || !old) return;
    const news = [...bridge.clusters.values()].filter(
      ({ id, name, state }) => name.startsWith(`${old}-`) && !before.has(id) && state === "ready",
    );
    atDeletion.push(...news.map(() => old));
  };
  const replaced = await workspace.up();

  expect(replaced.changes).toEqual({ same: 1, replace: names.length });
  for (const [name, { replaces, has }] of Object.entries(rows)) {
    const steps = preview.steps.filter((step) => step.name === name);
    expect(
      steps.map(({ op }) => `${op} it`),
      name,
    ).toEqual(newFirst);
    expect(steps[0]?.replaceKeys.toSorted(), name).toEqual(replaces);
    const { id } = resourceNamed(await workspace.exportState(), name);
    expect(bridge.clusters.get(id ?? ""), name).toMatchObject({ state: "ready", ...has });
    expect(before.has(id ?? ""), name).toBe(false);
  }
  expect(atDeletion.toSorted()).toEqual(names.toSorted());
  expect(bridge.destroyed.size).toBe(names.length);
  expect((await workspace.preview()).changes).toEqual({ same: names.length + 1 });
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
