import { expect, test } from "vitest";
import { newEid, toUuid } from "../../simulators/crunchybridge.ts";
import { primaryId, programOf } from "./replica-support.ts";
import { told } from "./support.ts";

test("a program reads clusters and replicas, and a replica that another stack has", async () => {
  const { bridge, workspace, add, declare, sent } = await programOf("");
  const { id } = add({ name: "orders-read", parent_id: primaryId });
  const { id: nested } = add({ name: "orders-copy", parent_id: id });
  await declare(`
    const theirs = Replica.get("theirs", "${toUuid(id)}");
    export const plan: pulumi.Output<string | undefined> = theirs.planId;
    export const host = theirs.host;
    export const cluster = getCluster({ id: "${primaryId}" });
    export const replica = getReplica({ id: "${toUuid(id)}" });
    export const replicas = getReplicas({ clusterId: "${primaryId}" });
    export const below = getReplicasOutput({ clusterId: theirs.id }).replicas[0].name;
  `);

  const { outputs, changes } = await workspace.up();

  const facts = { id, name: "orders-read", parentId: primaryId, detached: false, state: "ready" };
  const host = `p.${id}.crunchybridge.com`;
  expect(changes).toEqual({ read: 1 });
  expect(outputs).toMatchObject({
    ...{ plan: "standard-8", host, below: "orders-copy" },
    cluster: { id: primaryId, name: "orders-primary", replicaIds: [id], diskTotalMb: 100_000 },
    replica: { ...facts, host, planId: "standard-8", storage: 100 },
    replicas: { replicas: [{ ...facts, host }] },
  });
  expect(JSON.stringify(outputs.replicas)).not.toContain(nested);
  expect(sent().filter((line) => !line.startsWith("GET "))).toEqual([]);

  await workspace.destroy();
  expect(bridge.clusters.size).toBe(3);
});

test("an ID of no cluster, and what is none, are errors that say so", async () => {
  const id = newEid();
  const { workspace, declare, sent } = await programOf(`getCluster({ id: "${id}" });`);

  expect(told(await workspace.preview({ expectFailure: true }))).toContain(
    `Crunchy Bridge has no cluster ${id}.`,
  );
  sent();
  await declare(`getReplicas({ clusterId: "orders" });`);
  expect(told(await workspace.preview({ expectFailure: true }))).toContain(
    'getReplicas: clusterId is "orders"; it must be an EID',
  );
  await declare(`Replica.get("theirs", "${primaryId}");`);
  expect(told(await workspace.preview({ expectFailure: true }))).toContain(
    "is not a replica but a primary: read it with getCluster",
  );
});
