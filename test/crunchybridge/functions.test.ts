import { describe, expect, test } from "vitest";
import { functions } from "../../provider/crunchybridge/index.ts";
import type { FunctionDefinition } from "../../provider/resource/definition.ts";
import { NoSuchResource } from "../../provider/resource/errors.ts";
import { invoke } from "../../provider/resource/reading.ts";
import type { Values } from "../../provider/resource/values.ts";
import { newEid, toUuid } from "../../simulators/crunchybridge.ts";
import { failureOf, world } from "./world.ts";

async function readers() {
  const made = await world();
  const { simulator, primary, session, call } = made;
  const replica = simulator.addCluster({ name: "orders-read", parent_id: primary.id });
  const deep = simulator.addCluster({ name: "orders-deep", parent_id: replica.id });
  const ask = (name: string, args: Values) => {
    const found: FunctionDefinition | undefined = functions.find((one) => one.name === name);
    if (!found) throw new Error(`no function ${name}`);
    return invoke(found, session, args, call);
  };
  return { ...made, replica, deep, ask };
}

test("getCluster reads a primary, with its replicas and its disk", async () => {
  const { ask, primary, replica } = await readers();
  const seen = await ask("getCluster", { id: toUuid(primary.id) });
  expect(seen).toMatchObject({
    id: primary.id,
    name: "orders-primary",
    state: "ready",
    planId: "standard-8",
    providerId: "aws",
    storage: 100,
    replicaIds: [replica.id],
    diskTotalMb: 100_000,
    diskUsedMb: 5_000,
    diskAvailableMb: 95_000,
  });
  expect(seen).not.toHaveProperty("parentId");
});

test("getReplica reads a replica", async () => {
  const { ask, primary, replica } = await readers();
  expect(await ask("getReplica", { id: replica.id })).toMatchObject({
    id: replica.id,
    parentId: primary.id,
    detached: false,
    host: replica.host,
  });
});

test("getReplica reads one that is detached", async () => {
  const { ask, simulator, replica } = await readers();
  simulator.detachOutOfBand(replica.id);
  expect(await ask("getReplica", { id: replica.id })).toMatchObject({ detached: true });
});

test("getReplicas reads each direct replica by its own answer", async () => {
  const { ask, primary, replica } = await readers();
  const { replicas } = await ask("getReplicas", { clusterId: primary.id });
  expect(replicas).toMatchObject([
    { id: replica.id, parentId: primary.id, host: replica.host, detached: false },
  ]);
});

test("getReplicas of a cluster without any are none", async () => {
  const { ask, deep } = await readers();
  expect(await ask("getReplicas", { clusterId: deep.id })).toEqual({ replicas: [] });
});

describe("what does not exist is an error:", () => {
  test.each([
    ["getCluster", "id"],
    ["getReplica", "id"],
    ["getReplicas", "clusterId"],
  ])("%s", async (name, key) => {
    const { ask } = await readers();
    expect(await failureOf(ask(name, { [key]: newEid() }))).toBeInstanceOf(NoSuchResource);
  });
});

test("what is not an ID is refused before anything is sent", async () => {
  const { ask, sent } = await readers();
  const error = await failureOf(ask("getReplica", { id: "orders-read" }));
  expect(error.message).toContain('id is "orders-read"; it must be an EID');
  expect(sent()).toEqual([]);
});
