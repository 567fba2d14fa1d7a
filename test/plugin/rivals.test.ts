import type { UpdateRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import { appFormation } from "../akkeris/subjects.ts";
import { formation } from "../citus/subjects.ts";
import { type Held, Resource } from "./resource.ts";
import { bag } from "./wire.ts";
import { worldOf } from "./world.ts";

async function created() {
  const world = await worldOf(formation);
  const held = await world.resource.create({ ...world.inputs, name: "orders" });
  const changed = { ...held.inputs, workerCount: 4 };
  return { ...world, held, changed };
}

function previewOf({ urn }: Resource, { id, inputs, state }: Held, news: object): UpdateRequest {
  const request = new pb.UpdateRequest().setUrn(urn).setId(id).setPreview(true);
  return request
    .setOlds(bag(state))
    .setOldInputs(bag(inputs))
    .setNews(bag({ ...news }));
}

test("what a diff replaces is not a rival of what is created instead", async () => {
  const { simulator, resource, held, changed } = await created();
  expect((await resource.diff(held, changed)).replaces).toEqual(["workerCount"]);
  const { id } = await resource.create(changed);
  expect(id).not.toBe(held.id);
  expect(simulator.count("POST")).toBe(2);
});

test("an update that is only previewed, and refused as only a replacement can make it, makes room for nothing", async () => {
  const { simulator, plugin, resource, held, changed } = await created();
  await plugin.failure("update", previewOf(resource, held, changed));
  const { text } = await resource.createFailing(changed);
  expect(text).toContain(`formation "orders" in us-east-1 already exists (ID ${held.id}`);
  expect(simulator.count("POST")).toBe(1);
});

test("a second resource in the place of the first is not told to adopt it", async () => {
  const { plugin, resource, inputs, simulator } = await worldOf(appFormation);
  await resource.create(inputs);

  const { text } = await new Resource(plugin, "AppFormation", "again").createFailing(inputs);

  expect(text).toContain("already exists");
  expect(text).toContain("This stack manages it as it. Two resources cannot share it");
  expect(text).not.toContain("--adopt");
  expect(simulator.formations("foo-default")).toHaveLength(1);
});

test("nor is one that was created in an earlier run", async () => {
  const { resource, inputs, again } = await worldOf(appFormation);
  const held = await resource.create(inputs);
  const next = await again();
  expect(await next.resource.diff(held, held.inputs)).toMatchObject({ changes: false });

  const second = new Resource(next.plugin, "AppFormation", "again");

  expect((await second.createFailing(inputs)).text).toContain("This stack manages it as it.");
});

test("a resource that is replaced without a change needs deleteBeforeReplace, once it was read", async () => {
  const { resource, inputs } = await worldOf(appFormation);
  const held = await resource.create(inputs);
  await resource.read(held);

  const { text } = await resource.createFailing(inputs);

  expect(text).toContain("set `deleteBeforeReplace`");
  expect(text).not.toContain("--adopt");
});
