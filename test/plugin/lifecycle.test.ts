import { expect, test } from "vitest";
import { toUuid } from "../../provider/crunchybridge/eid.ts";
import { appFormation } from "../akkeris/subjects.ts";
import { backupSchedule } from "../antfly/subjects.ts";
import { formation } from "../citus/subjects.ts";
import { replica } from "../crunchybridge/subjects.ts";
import { heldOf } from "./resource.ts";
import { worldOf } from "./world.ts";

test("a formation is created, read, planned for replacement and deleted, twice over", async () => {
  const { simulator, resource, inputs, plugin } = await worldOf(formation);

  const held = await resource.create(inputs);
  expect(held.inputs).toMatchObject({ ...inputs, name: expect.stringMatching(/^it-/) });
  expect(held.state).toMatchObject({ ...inputs, state: "steady", coordinatorHa: false });

  expect(await resource.diff(held, held.inputs)).toMatchObject({ changes: false, detailed: {} });
  expect(await resource.read(held)).toEqual(held);

  const next = await resource.check({ ...inputs, workerCount: 4 }, held.inputs);
  expect(await resource.diff(held, next.inputs)).toEqual({
    changes: true,
    replaces: ["workerCount"],
    deleteBeforeReplace: false,
    detailed: { workerCount: "update-replace" },
  });
  expect(plugin.logs.at(-1)).toMatchObject({ severity: "warning", urn: resource.urn });

  await resource.delete(held);
  expect(simulator.formations.get(held.id)?.state).toBe("archived");
  await resource.delete(held);
  expect((await resource.read(held)).id).toBe("");
});

test("a replica is created, read, updated in place and deleted, twice over", async () => {
  const { simulator, resource, inputs } = await worldOf(replica);

  const held = await resource.create(inputs);
  expect(held.state).toMatchObject({ ...inputs, detached: false, state: "ready" });
  expect(await resource.read(held)).toEqual(held);

  const updated = await resource.update(held, { ...inputs, isHa: true });
  expect(updated.state).toMatchObject({ isHa: true, state: "ready" });
  expect(await resource.diff(updated, updated.inputs)).toMatchObject({ changes: false });

  simulator.clearRequests();
  await resource.delete(updated);
  await resource.delete(updated);
  expect((await resource.read(updated)).id).toBe("");
});

test("a protected replica that could not be created is unprotected by one update, and replaced by the next", async () => {
  const { simulator, plugin, resource, inputs } = await worldOf(replica);
  const asked = { ...inputs, isProtected: true };
  simulator.failCreation = true;
  const made = heldOf((await resource.createFailing(asked)).init);
  const cluster = simulator.clusters.get(made.id);
  if (cluster) cluster.is_protected = true;
  const held = heldOf((await plugin.failure("read", resource.readRequest(made))).init);

  const refused = await plugin.failure("diff", resource.diffRequest(held, held.inputs));
  expect(refused.text).toContain("set isProtected to false in a separate `pulumi up` first");
  const unprotecting = { ...inputs, isProtected: false, storage: 200 };
  expect(await resource.diff(held, { ...held.inputs, ...unprotecting })).toMatchObject({
    replaces: [],
  });
  simulator.clearRequests();
  const unprotected = await resource.update(held, unprotecting);
  expect(simulator.requests.filter(({ method }) => method !== "GET")).toMatchObject([
    { method: "PATCH", path: `/clusters/${made.id}` },
  ]);
  expect(unprotected.state).toMatchObject({ state: "creation_failed", isProtected: false });

  const next = await resource.diff(unprotected, { ...unprotected.inputs, isProtected: true });
  expect(next).toMatchObject({ changes: true, deleteBeforeReplace: true });
  await resource.delete(unprotected);
  expect(simulator.clusters.has(made.id)).toBe(false);
});

test("a protected replica that failed later on is unprotected and destroyed", async () => {
  const { simulator, resource, inputs } = await worldOf(replica);
  const made = await resource.create({ ...inputs, isProtected: true });
  simulator.setState(made.id, "failed");
  const held = await resource.read(made);

  const unprotected = await resource.update(held, { ...inputs, isProtected: false });
  await resource.delete(unprotected);

  expect(simulator.clusters.has(made.id)).toBe(false);
});

test("an app formation is created, read, updated in place and deleted, twice over", async () => {
  const { simulator, resource, inputs } = await worldOf(appFormation);

  const held = await resource.create(inputs);
  expect(held.id).toBe("foo-default/web");
  expect(await resource.read(held)).toEqual(held);

  const next = { ...inputs, quantity: 3, healthcheck: "/health" };
  expect(await resource.diff(held, next)).toMatchObject({
    replaces: [],
    detailed: { quantity: "update", healthcheck: "add" },
  });
  const updated = await resource.update(held, next);
  expect(updated.state).toMatchObject({ quantity: 3, healthcheck: "/health" });
  expect(await resource.diff(updated, inputs)).toMatchObject({
    detailed: { quantity: "update", healthcheck: "delete" },
  });

  await resource.delete(updated);
  await resource.delete(updated);
  expect((await resource.read(updated)).id).toBe("");
  expect(simulator.apps.get("foo-default")?.rows).toEqual([]);
});

test("a schedule is created, read, updated and deleted, and its backups stay", async () => {
  const { simulator, resource, inputs, plugin } = await worldOf(backupSchedule);

  const held = await resource.create(inputs);
  expect(held).toMatchObject({ id: held.inputs.backupIdPrefix, state: inputs });
  simulator.clearRequests();
  expect(await resource.read(held)).toEqual(held);

  const updated = await resource.update(held, { ...inputs, suspend: true });
  expect(updated.state).toMatchObject({ suspend: true });
  const moved = { ...inputs, location: "file:///elsewhere" };
  const { inputs: news } = await resource.check(moved, held.inputs);
  expect(await resource.diff(held, news)).toMatchObject({ replaces: ["location"] });

  await resource.delete(updated);
  expect(simulator.requests).toEqual([]);
  expect(plugin.said().at(-1)).toContain("Its backups stay at ");
});

test("an import's inputs are what a program would say", async () => {
  const { resource, inputs, plugin } = await worldOf(appFormation);
  await resource.create({ ...inputs, healthcheck: "/health" });

  const imported = await resource.read("foo-default/web");

  expect(imported.inputs).toEqual({ ...inputs, healthcheck: "/health", port: 9000 });
  expect(await resource.diff(imported, imported.inputs)).toMatchObject({ changes: false });
  // A web can't be a one-off: there is nothing to know.
  expect(plugin.said()).toEqual([]);
});

test("imports say once what the server never returns, and only where it may matter", async () => {
  const { simulator, resource, plugin } = await worldOf(appFormation);
  const types = ["worker", "job", "web"];
  for (const type of types) simulator.addFormation("foo-default", { type, command: "run" });

  for (const type of types) await resource.read(`foo-default/${type}`);

  expect(plugin.said()).toEqual([
    expect.stringMatching(/^info: The server never returns oneoff, options, so .*`ignoreChanges`/),
  ]);
});

test("an import of what does not exist says what an ID is", async () => {
  const { resource, plugin } = await worldOf(appFormation);
  await resource.read("foo-default/nothing");
  expect(plugin.said()).toEqual([
    expect.stringMatching(
      /^warning: Akkeris has no AppFormation with the ID "foo-default\/nothing"\. An ID is the app and the type/,
    ),
  ]);
});

test("an import by another spelling of the ID gives the ID that the provider uses", async () => {
  const { resource, inputs } = await worldOf(replica);
  const held = await resource.create(inputs);
  const imported = await resource.read(toUuid(held.id) ?? "");
  expect(imported.id).toBe(held.id);
  expect(await resource.diff(imported, held.inputs)).toMatchObject({ changes: false });
});

test("a refresh follows drift only in what the program set", async () => {
  const { simulator, resource, inputs } = await worldOf(appFormation);
  const held = await resource.create(inputs);
  for (const row of simulator.apps.get("foo-default")?.rows ?? []) {
    row.quantity = 5;
    row.healthcheck = "/health";
  }

  const seen = await resource.read(held);

  expect(seen.inputs).toEqual({ ...held.inputs, quantity: 5 });
  expect(seen.state).toMatchObject({ quantity: 5, healthcheck: "/health" });
});
