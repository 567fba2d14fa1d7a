import { describe, expect, test } from "vitest";
import { projectDrift } from "../../provider/resource/drift.ts";
import { WaitTimedOut } from "../../provider/resource/errors.ts";
import { toEid, toUuid } from "../../simulators/crunchybridge.ts";
import { definition, failureOf, world } from "./world.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A world with a replica that a program made and that is ready. */
async function withReplica(inputs = {}) {
  const made = await world();
  const held = await made.create(inputs);
  made.sent();
  const cluster = made.simulator.clusters.get(held.id);
  if (!cluster) throw new Error("the replica is not there");
  return { ...made, held, cluster };
}

describe("creating", () => {
  test("sends one POST and waits until it is ready", async () => {
    const { create, primary, simulator, sent, clock } = await world();
    const began = clock.now();
    const { id, state } = await create({ planId: "standard-16" });
    expect(simulator.requests[0]).toMatchObject({
      body: { name: "orders-read", plan_id: "standard-16" },
      headers: { "idempotency-key": expect.stringMatching(uuid) },
    });
    const requests = sent();
    expect(requests.filter((line) => !line.startsWith("GET "))).toEqual([
      "POST /clusters/orders-primary/replicas",
    ]);
    expect(requests.at(-1)).toBe("GET /clusters/orders-read");
    expect(clock.now() - began).toBeGreaterThan(300_000);
    expect(id).toBe(toEid(id));
    expect(state).toMatchObject({
      clusterId: primary.id,
      parentId: primary.id,
      name: "orders-read",
      state: "ready",
      host: `p.${id}.crunchybridge.com`,
      planId: "standard-16",
      cpu: 4,
      memory: 16,
      storage: 100,
      isHa: false,
      detached: false,
    });
  });

  test("sends network and place as asked", async () => {
    const { create, simulator } = await world();
    const network = simulator.addNetwork({ provider_id: "gcp", region_id: "us-central1" });
    const { state } = await create({
      networkId: toUuid(network.id),
      regionId: "us-central1",
      planId: "standard-16",
    });
    expect(simulator.requests[0]?.body).toEqual({
      name: "orders-read",
      network_id: network.id,
      region_id: "us-central1",
      plan_id: "standard-16",
    });
    expect(state).toMatchObject({ networkId: network.id, providerId: "gcp" });
  });

  test("sends provider, region and plan as asked", async () => {
    const { create, simulator } = await world();
    const { state } = await create({
      providerId: "gcp",
      regionId: "us-central1",
      planId: "standard-16",
    });
    expect(simulator.requests[0]?.body).toEqual({
      name: "orders-read",
      provider_id: "gcp",
      region_id: "us-central1",
      plan_id: "standard-16",
    });
    expect(state).toMatchObject({ providerId: "gcp", regionId: "us-central1" });
  });

  test("asks for pending operations no sooner than it seems to be ready", async () => {
    const { create, sent } = await world();
    await create();
    expect(sent().filter((line) => line.endsWith("/upgrade"))).toHaveLength(1);
  });

  test("sends one request more for each thing that the POST can't do", async () => {
    const { create, simulator, writes } = await world();
    const { state } = await create({
      storage: 200,
      isHa: true,
      environment: "production",
      isProtected: true,
      maintenanceWindowStart: 3,
      detached: true,
    });
    const bodies = simulator.requests.flatMap(({ body }) => (body ? [body] : []));
    expect(writes()).toEqual([
      "POST /clusters/orders-primary/replicas",
      "POST /clusters/orders-read/upgrade",
      "PUT /clusters/orders-read/actions/enable-ha",
      "PATCH /clusters/orders-read",
      "PUT /clusters/orders-read/actions/detach",
    ]);
    expect(bodies).toEqual([
      { name: "orders-read" },
      { storage: 200 },
      { environment: "production", is_protected: true, maintenance_window_start: 3 },
    ]);
    expect(state).toMatchObject({
      storage: 200,
      isHa: true,
      environment: "production",
      isProtected: true,
      maintenanceWindowStart: 3,
      detached: true,
    });
  });

  test("sends nothing more where defaults are written out", async () => {
    const { create, writes } = await world();
    await create({
      storage: 100,
      isHa: false,
      environment: "",
      isProtected: false,
      maintenanceWindowStart: -1,
      detached: false,
    });
    expect(writes()).toEqual(["POST /clusters/orders-primary/replicas"]);
  });

  test("never asks for less storage than is inherited, and says so", async () => {
    const { create, warnings, writes } = await world();
    const { state } = await create({ storage: 50 });
    expect(state.storage).toBe(100);
    expect(writes()).toHaveLength(1);
    expect(warnings).toEqual([
      "Storage is 100 GB, inherited from the parent; it can't shrink to 50 GB.",
    ]);
  });

  test("leaves a plan without changes behind", async () => {
    const { create, plan } = await world();
    const held = await create({ storage: 200, isHa: true, environment: "production" });
    expect(plan(held)).toMatchObject({ action: "keep", changes: [], warnings: [] });
  });

  test("keeps the cluster's EID where the program gives its UUID", async () => {
    const { create, plan, primary } = await world();
    const held = await create({ clusterId: toUuid(primary.id) });
    expect(held.state.clusterId).toBe(primary.id);
    expect(plan(held, { clusterId: primary.id }).action).toBe("keep");
  });

  test("shows state and time while it waits", async () => {
    const { create, progress } = await world();
    await create();
    expect(progress[0]).toBe("creating, 0 s");
    expect(progress).toContainEqual(expect.stringMatching(/^finalizing, 2 min/));
  });
});

describe("reading", () => {
  test("shows drift, of which a refresh writes back what can be undone", async () => {
    const { refresh, held, cluster } = await withReplica({ isHa: false, storage: 100 });
    Object.assign(cluster, { is_ha: true, storage: 130, name: "renamed", environment: "test" });
    const seen = await refresh(held);
    expect(seen?.state).toMatchObject({
      isHa: true,
      storage: 130,
      name: "renamed",
      environment: "test",
    });
    const written = projectDrift(definition, held.inputs, seen?.state ?? {});
    expect(written).toEqual({ ...held.inputs, isHa: true, name: "renamed" });
  });

  test("says that it is gone after 410", async () => {
    const { refresh, held, simulator } = await withReplica();
    simulator.destroyOutOfBand(held.id);
    expect(await refresh(held)).toBeUndefined();
  });

  test("does not take 403 for gone", async () => {
    const { refresh, held, simulator } = await withReplica();
    simulator.order({ kind: { type: "status", status: 403, body: { message: "no" } } });
    expect(await failureOf(refresh(held))).toMatchObject({ code: "FORBIDDEN" });
  });

  test("goes by its own answer, not by its parent's, where it has no parent", async () => {
    const { refresh, held, primary, sent } = await withReplica();
    const seen = await refresh(held);
    expect(seen?.state).toMatchObject({ detached: false, clusterId: primary.id });
    expect(sent()).toEqual(["GET /clusters/orders-read", "GET /clusters/orders-read/status"]);
  });

  test("keeps the cluster's ID of a replica that was detached", async () => {
    const { refresh, plan, held, simulator, primary } = await withReplica();
    simulator.detachOutOfBand(held.id);
    const seen = await refresh(held);
    expect(seen?.state).toMatchObject({ detached: true, clusterId: primary.id });
    expect(seen?.state.parentId).toBeUndefined();
    expect(seen && plan(seen)).toMatchObject({
      action: "keep",
      warnings: [expect.stringContaining("detached outside the program")],
    });
  });

  test("keeps EIDs where the server gives UUIDs", async () => {
    const { refresh, held, cluster, simulator } = await withReplica();
    const body = {
      ...cluster,
      ...{ id: toUuid(cluster.id), parent_id: toUuid(cluster.parent_id ?? "") },
      ...{ network_id: toUuid(cluster.network_id), team_id: toUuid(cluster.team_id) },
      postgres_version_id: toUuid(cluster.postgres_version_id),
    };
    simulator.order({ kind: { type: "status", status: 200, body } });
    expect(await refresh(held)).toEqual(held);
  });

  test("imports by EID and UUID", async () => {
    const imported = await withReplica();
    const { held, primary } = imported;
    const byUuid = await imported.import(toUuid(held.id));
    expect(byUuid).toMatchObject({ id: held.id, state: { clusterId: primary.id } });
    expect(await imported.import(held.id)).toEqual(byUuid);
  });

  test("imports no primary", async () => {
    const imported = await world();
    const error = await failureOf(imported.import(imported.primary.id));
    expect(error.message).toContain("is not a replica but a primary");
  });
});

describe("updating", () => {
  const status = "GET /clusters/orders-read/status";
  const read = "GET /clusters/orders-read";

  test.each([
    ["environment", { environment: "production" }, { environment: "production" }],
    ["isProtected", { isProtected: true }, { is_protected: true }],
    ["maintenanceWindowStart", { maintenanceWindowStart: 0 }, { maintenance_window_start: 0 }],
  ])("%s sends one PATCH and waits for nothing", async (_, changes, body) => {
    const { update, held, simulator, sent } = await withReplica();
    const { state } = await update(held, changes);
    expect(simulator.requests.at(-1)).toMatchObject({ method: "PATCH", body });
    expect(sent()).toEqual([read, status, "PATCH /clusters/orders-read"]);
    expect(state).toMatchObject({ ...changes, state: "ready" });
  });

  test("the name renames it", async () => {
    const { update, held, simulator, writes } = await withReplica();
    const { id, state } = await update(held, { name: "orders-copy" });
    expect({ id, name: state.name }).toEqual({ id: held.id, name: "orders-copy" });
    expect(simulator.clusters.get(id)?.name).toBe("orders-copy");
    expect(writes()).toEqual(["PATCH /clusters/orders-copy"]);
  });

  test("all that PATCH can do sends one PATCH", async () => {
    const { update, held, simulator, writes } = await withReplica();
    const changes = {
      name: "orders-copy",
      environment: "production",
      isProtected: true,
      maintenanceWindowStart: 23,
    };
    await update(held, changes);
    expect(simulator.requests.at(-1)?.body).toEqual({
      name: "orders-copy",
      environment: "production",
      is_protected: true,
      maintenance_window_start: 23,
    });
    expect(writes()).toHaveLength(1);
  });

  test("what the program removed clears it", async () => {
    const { update, held, simulator, writes } = await withReplica({
      isHa: true,
      environment: "production",
      isProtected: true,
      maintenanceWindowStart: 3,
    });
    const absent = Object.fromEntries(
      ["isHa", "environment", "isProtected", "maintenanceWindowStart"].map((key) => [
        key,
        undefined,
      ]),
    );
    const { state } = await update(held, absent);
    expect(simulator.requests.at(-1)?.body).toEqual({
      environment: "",
      is_protected: false,
      maintenance_window_start: -1,
    });
    expect(writes()).toEqual([
      "PUT /clusters/orders-read/actions/disable-ha",
      "PATCH /clusters/orders-read",
    ]);
    expect(state).toMatchObject({ isHa: false, isProtected: false });
    expect(state).not.toHaveProperty("environment");
    expect(state).not.toHaveProperty("maintenanceWindowStart");
  });

  test("plan and storage sends one upgrade, and waits for its operation", async () => {
    const { update, held, simulator, clock, writes } = await withReplica();
    const began = clock.now();
    const { state } = await update(held, { planId: "standard-16", storage: 200 });
    const upgrade = simulator.requests.find(({ method }) => method === "POST");
    expect(upgrade?.body).toEqual({ plan_id: "standard-16", storage: 200 });
    expect(writes()).toEqual(["POST /clusters/orders-read/upgrade"]);
    expect(clock.now() - began).toBeGreaterThan(120_000);
    expect(state).toMatchObject({ planId: "standard-16", storage: 200, host: held.state.host });
  });

  test("the plan alone waits for its operation, though it shows at once", async () => {
    const { update, held, simulator, clock } = await withReplica();
    const began = clock.now();
    await update(held, { planId: "standard-16" });
    const upgrade = simulator.requests.find(({ method }) => method === "POST");
    expect(upgrade?.body).toEqual({ plan_id: "standard-16" });
    expect(clock.now() - began).toBeGreaterThan(120_000);
  });

  test("the plan does not undo what autoresize has added", async () => {
    const { update, held, simulator } = await withReplica({ storage: 150 });
    simulator.autoresize(held.id, 190);
    const { state } = await update(held, { planId: "standard-16" });
    const upgrade = simulator.requests.find(({ method }) => method === "POST");
    expect(upgrade?.body).toEqual({ plan_id: "standard-16" });
    expect(state.storage).toBe(190);
  });

  test("an upgrade asks for no more than the server lacks by now", async () => {
    const { update, held, simulator, cluster } = await withReplica({ storage: 150 });
    const changes = { planId: "standard-16", storage: 180 };
    simulator.autoresize(held.id, 190);
    await update(held, changes);
    Object.assign(cluster, { storage: 150 });
    await update(held, changes);
    const bodies = simulator.requests.flatMap(({ method, body }) =>
      method === "POST" ? [body] : [],
    );
    expect(bodies).toEqual([{ plan_id: "standard-16" }, { storage: 180 }]);
  });

  test("an update waits for an upgrade that is scheduled at first", async () => {
    const { update, held, simulator } = await withReplica();
    simulator.onAnswer = ({ method }) => {
      if (method !== "POST") return;
      for (const operation of simulator.underwayWith(held.id).operations) {
        operation.startsAt += 60_000;
      }
    };
    expect((await update(held, { storage: 200 })).state.storage).toBe(200);
  });

  test("detached detaches it, and waits until it has no parent", async () => {
    const { update, plan, held, simulator, clock, primary, writes } = await withReplica();
    const began = clock.now();
    const after = await update(held, { detached: true });
    expect(writes()).toEqual(["PUT /clusters/orders-read/actions/detach"]);
    expect(clock.now() - began).toBeGreaterThan(60_000);
    expect(simulator.clusters.get(held.id)?.parent_id).toBeNull();
    expect(after.state).toMatchObject({ detached: true, clusterId: primary.id });
    expect(plan(after)).toMatchObject({ action: "keep", warnings: [] });
  });

  test("operations go one after another", async () => {
    const { update, held, writes } = await withReplica();
    await update(held, { detached: true, isHa: true, storage: 300, isProtected: true });
    expect(writes()).toEqual([
      "POST /clusters/orders-read/upgrade",
      "PUT /clusters/orders-read/actions/enable-ha",
      "PATCH /clusters/orders-read",
      "PUT /clusters/orders-read/actions/detach",
    ]);
  });

  test("what the server has by now sends nothing", async () => {
    const { update, held, cluster, writes } = await withReplica();
    Object.assign(cluster, { is_ha: true, plan_id: "standard-16", environment: "production" });
    const changes = { isHa: true, planId: "standard-16", environment: "production" };
    const { state } = await update(held, changes);
    expect(writes()).toEqual([]);
    expect(state).toMatchObject(changes);
  });

  test("one that is gone says what to do", async () => {
    const { update, held, simulator } = await withReplica();
    simulator.destroyOutOfBand(held.id);
    const error = await failureOf(update(held, { isProtected: true }));
    expect(error).toMatchObject({ code: "RESOURCE_FAILED" });
    expect(error.message).toContain("Run `pulumi refresh`");
  });

  test("a name that is taken fails in the server's words", async () => {
    const { update, held } = await withReplica();
    const error = await failureOf(update(held, { name: "orders-primary" }));
    expect(error).toMatchObject({ code: "CONFLICT" });
    expect(error.message).toContain("The name is taken in this team");
  });
});

describe("deleting", () => {
  test("sends one DELETE and waits until it is gone", async () => {
    const { destroy, held, simulator, sent } = await withReplica();
    await destroy(held);
    const requests = sent();
    expect(requests[0]).toBe(`DELETE /clusters/${held.id}`);
    expect(requests.filter((line) => !line.startsWith("GET "))).toHaveLength(1);
    expect(simulator.clusters.has(held.id)).toBe(false);
  });

  test("one that is gone already is done with one request", async () => {
    const { destroy, held, simulator, sent } = await withReplica();
    simulator.destroyOutOfBand(held.id);
    await destroy(held);
    expect(sent()).toEqual([`DELETE /clusters/${held.id}`]);
  });

  test("is done where the server answers 403 for what is gone", async () => {
    const { destroy, held, simulator } = await withReplica();
    const forbidden = { message: "The cluster does not exist, or you have no access to it." };
    simulator.destroyingSeconds = 0;
    simulator.order({ method: "GET", kind: { type: "status", status: 403, body: forbidden } });
    await destroy(held);
    expect(simulator.clusters.has(held.id)).toBe(false);
  });

  test("fails where 403 means that it may not be seen", async () => {
    const { destroy, held, simulator } = await withReplica();
    const forbidden = { type: "status", status: 403, body: { message: "no" } } as const;
    simulator.order({ times: 2, skip: 1, kind: forbidden });
    expect(await failureOf(destroy(held))).toMatchObject({ code: "FORBIDDEN" });
  });

  test("a protected one is refused and says what to do", async () => {
    const { destroy, held, simulator } = await withReplica({ isProtected: true });
    const error = await failureOf(destroy(held));
    expect(error.message).toMatch(
      /^Replica \w+ is protected: set isProtected to false and run `pulumi up --target '\*\*NAME'`/,
    );
    expect(error.message).toContain("The cluster is protected");
    expect(simulator.clusters.has(held.id)).toBe(true);
  });

  test("a detached one warns that its data goes with it", async () => {
    const { destroy, held, warnings } = await withReplica({ detached: true });
    await destroy(held);
    expect(warnings).toEqual(["The replica is detached: its data is destroyed with it."]);
  });

  test("a replica does so without a warning", async () => {
    const { destroy, held, warnings } = await withReplica();
    await destroy(held);
    expect(warnings).toEqual([]);
  });

  test("ends at its deadline", async () => {
    const { destroy, held, simulator, call } = await withReplica();
    simulator.destroyingSeconds = 600;
    call.timeout = 60_000;
    expect(await failureOf(destroy(held))).toBeInstanceOf(WaitTimedOut);
  });
});
