import { expect, test } from "vitest";
import { newEid, toEid, toUuid } from "../../simulators/crunchybridge.ts";
import { appFormation } from "../akkeris/subjects.ts";
import { backupSchedule } from "../antfly/subjects.ts";
import { formation } from "../citus/subjects.ts";
import { replica } from "../crunchybridge/subjects.ts";
import { secret, unknown } from "./wire.ts";
import { worldOf } from "./world.ts";

test("a preview of a formation knows what it asks, and sends nothing", async () => {
  const { simulator, resource, inputs } = await worldOf(formation);
  const { id, inputs: checked, state } = await resource.create(inputs, { preview: true });
  expect(id).toBe("");
  expect(state).toMatchObject({
    ...inputs,
    name: checked.name,
    coordinatorHa: false,
    state: unknown,
    databaseUrl: secret(unknown),
  });
  expect(simulator.requests).toEqual([]);
});

test("a preview of a replica leaves to the server what the program leaves to it", async () => {
  const { simulator, resource, inputs } = await worldOf(replica);
  const { state } = await resource.create({ ...inputs, planId: "standard-8" }, { preview: true });
  expect(state).toMatchObject({ planId: "standard-8", storage: unknown, host: unknown });
  expect(simulator.requests).toEqual([]);
});

test("a preview of an app formation knows its ID", async () => {
  const { simulator, resource, inputs } = await worldOf(appFormation);
  const { id, state } = await resource.create(inputs, { preview: true });
  expect(id).toBe("foo-default/web");
  expect(state).toEqual({
    ...inputs,
    port: unknown,
    formationId: unknown,
    serverSize: unknown,
    createdAt: unknown,
  });
  expect(simulator.requests).toEqual([]);
});

test("a preview of a schedule knows everything", async () => {
  const { simulator, resource, inputs } = await worldOf(backupSchedule);
  const { id, inputs: checked, state } = await resource.create(inputs, { preview: true });
  expect(id).toBe(checked.backupIdPrefix);
  expect(state).toEqual({ ...inputs, backupIdPrefix: id });
  expect(simulator.requests).toEqual([]);
});

test("a preview of a replica knows the IDs that it is given, in the spelling of the state", async () => {
  const { resource, inputs } = await worldOf(replica);
  const networkId = toUuid(newEid());
  const given = { clusterId: toUuid(inputs.clusterId), networkId, regionId: unknown };
  const { state } = await resource.create(given, { preview: true });
  expect(state).toMatchObject({ ...inputs, networkId: toEid(networkId), regionId: unknown });
});

test("a preview of an ID that is made from an unknown input leaves it open, and nothing else", async () => {
  const { resource, inputs } = await worldOf(appFormation);
  const { id, state } = await resource.create({ ...inputs, app: unknown }, { preview: true });
  expect(id).toBe("");
  expect(state).toMatchObject({ ...inputs, app: unknown });
  expect(state).not.toHaveProperty("command");
});

test("a preview of an ID is not kept from knowing it by another unknown input", async () => {
  const { resource, inputs } = await worldOf(appFormation);
  const worker = { ...inputs, type: "worker", command: unknown };
  const { id, state } = await resource.create(worker, { preview: true });
  expect(id).toBe("foo-default/worker");
  expect(state).toMatchObject({ command: unknown });
  expect(state).not.toHaveProperty("port");
});

test("a preview of an app formation that may turn out to be a web leaves its port open", async () => {
  const { resource, inputs } = await worldOf(appFormation);
  const { state } = await resource.create({ ...inputs, type: unknown }, { preview: true });
  expect(state).toMatchObject({ port: unknown });
});

test("a preview of an update keeps the outputs that it does not touch", async () => {
  const { simulator, resource, inputs } = await worldOf(appFormation);
  const held = await resource.create(inputs);
  simulator.clearRequests();

  const scaled = await resource.update(held, { ...inputs, quantity: 3 }, { preview: true });
  const resized = await resource.update(held, { ...inputs, size: "gp2" }, { preview: true });

  expect(scaled.state).toEqual({ ...held.state, quantity: 3 });
  expect(resized.state).toEqual({ ...held.state, size: "gp2", serverSize: unknown });
  expect(simulator.requests).toEqual([]);
});
