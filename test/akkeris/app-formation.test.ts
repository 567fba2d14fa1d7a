import { describe, expect, test } from "vitest";
import { Conflict, NotFound } from "../../provider/http/errors.ts";
import { projectDrift } from "../../provider/resource/drift.ts";
import { definition, item, web, worker, world } from "./world.ts";

const app = "foo-default";
const get = (type: string) => `GET ${item(type)}`;
const remove = (type: string) => `DELETE ${item(type)}`;
const job = { ...web, type: "job", oneoff: true, options: { image: "jobs:1", env: { A: "1" } } };

describe("a refresh", () => {
  test("is one GET, and shows what the server has", async () => {
    const { create, refresh, sent, simulator } = await world();
    const held = await create({ ...web, healthcheck: "/health" });
    sent();
    const row = simulator.formation(app, "web");
    Object.assign(row ?? {}, { size: "gp4", quantity: 8, port: 1234, command: "sh" });
    Object.assign(row ?? {}, { healthcheck: null });
    const seen = await refresh(held);
    expect(sent()).toEqual([get("web")]);
    expect(seen?.state).toMatchObject({
      size: "gp4",
      serverSize: "gp4",
      quantity: 8,
      port: 1234,
      command: "sh",
    });
    expect(seen?.state).not.toHaveProperty("healthcheck");
  });

  test("writes drift back only into what the program set", async () => {
    const { create, refresh, simulator } = await world();
    const held = await create(web);
    simulator.scale(app, "web", 8);
    Object.assign(simulator.formation(app, "web") ?? {}, { command: "sh", port: 1234 });
    const seen = await refresh(held);
    expect(projectDrift(definition, web, seen?.state ?? {})).toEqual({ ...web, quantity: 8 });
  });

  test("takes the suffix of the space for no drift", async () => {
    const { create, refresh } = await world({ tags: "compliance=prod" });
    const seen = await refresh(await create(web));
    expect(seen?.state).toMatchObject({ size: "gp2", serverSize: "gp2-prod" });
    expect(projectDrift(definition, web, seen?.state ?? {})).toEqual(web);
  });

  test("carries along what the server never returns", async () => {
    const { create, refresh, plan } = await world();
    const seen = await refresh(await create(job));
    expect(seen?.state).toMatchObject({ oneoff: true, options: job.options });
    expect(seen && plan(seen).action).toBe("keep");
  });

  test("finds that a formation is gone", async () => {
    const { create, refresh, simulator } = await world();
    const held = await create(web);
    simulator.remove(app, "web");
    expect(await refresh(held)).toBeUndefined();
  });

  test("finds that the app is gone", async () => {
    const { create, refresh, simulator } = await world();
    const held = await create(web);
    simulator.removeApp(app);
    expect(await refresh(held)).toBeUndefined();
  });

  test("works in maintenance", async () => {
    const { create, refresh, simulator } = await world();
    const held = await create(web);
    simulator.maintenance(app, true);
    expect((await refresh(held))?.state).toEqual(held.state);
  });

  test("takes an address that is no API's for an error, and nothing for gone", async () => {
    const { create, refresh, simulator } = await world();
    const held = await create(web);
    simulator.order({ kind: { type: "status", status: 404 } });
    await expect(refresh(held)).rejects.toBeInstanceOf(NotFound);
  });
});

describe("an import", () => {
  test("reads a formation by app and type", async () => {
    const { import: load, simulator } = await world();
    const { id } = simulator.addFormation(app, { quantity: 2, healthcheck: "/health" });
    const seen = await load("foo-default/web");
    expect(seen?.id).toBe("foo-default/web");
    expect(seen?.state).toMatchObject({
      ...web,
      size: "gp1",
      quantity: 2,
      healthcheck: "/health",
      formationId: id,
    });
  });

  test("of a size with the space's suffix fits a program without it", async () => {
    const { import: load, simulator, plan } = await world({ tags: "compliance=prod" });
    simulator.addFormation(app, { size: "gp2-prod" });
    const { id, state } = (await load("foo-default/web")) ?? { id: "", state: {} };
    const { app: _app, type, size, quantity } = state;
    const inputs = { app, type, size, quantity };
    expect(plan({ id, state, inputs }, web).action).toBe("keep");
  });

  test.each([
    "web",
    "foo-default",
    "foo-default/",
    "/web",
    "foo-default/web/1",
    "foo-default/Web",
    "a b/web",
    "../web",
    "",
  ])("refuses %j, which is no app/type", async (id) => {
    const { import: load, sent } = await world();
    await expect(load(id)).rejects.toThrow(
      /is not a valid AppFormation ID\. .*`app\/type`: `api-default\/web`/,
    );
    expect(sent()).toEqual([]);
  });
});

describe("a deletion", () => {
  test("is one DELETE", async () => {
    const { create, destroy, sent, simulator } = await world();
    const held = await create(worker);
    sent();
    await destroy(held);
    expect(sent()).toEqual([remove("worker")]);
    expect(simulator.formation(app, "worker")).toBeUndefined();
    expect(simulator.running(app, "worker")).toBeUndefined();
  });

  test.each([
    ["the formation", "remove"],
    ["the app", "removeApp"],
  ] as const)("succeeds where %s is gone", async (_, verb) => {
    const { create, destroy, simulator } = await world();
    const held = await create(web);
    simulator[verb](app, "web");
    await destroy(held);
  });

  test("is repeated for the region's part, which fails after the row is gone", async () => {
    const { create, destroy, simulator, sent } = await world();
    const held = await create(web);
    sent();
    simulator.failRegion({ call: "delete" });
    await destroy(held);
    expect(sent()).toEqual([remove("web"), remove("web")]);
    expect(simulator.running(app, "web")).toBeUndefined();
  });

  test("in maintenance says so", async () => {
    const { create, destroy, simulator } = await world();
    const held = await create(web);
    simulator.maintenance(app, true);
    const error = await destroy(held).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Conflict);
    expect(String(error)).toMatch(/is in maintenance mode/);
  });

  test.each([401, 403, 404])("takes no bare %i for success", async (status) => {
    const { create, destroy, simulator } = await world();
    const held = await create(web);
    simulator.order({ method: "DELETE", kind: { type: "status", status } });
    await expect(destroy(held)).rejects.toThrow(/could not delete formation/);
  });

  test("before a replacement lets the same type be created again", async () => {
    const { create, destroy, simulator, sent } = await world();
    const held = await create(job);
    sent();
    await destroy(held);
    const next = await create({ ...job, options: { image: "jobs:2" } });
    expect(sent()).toEqual([remove("job"), "POST /apps/foo-default/formation"]);
    expect(next.state.formationId).not.toBe(held.state.formationId);
    expect(simulator.formations(app).filter(({ type }) => type === "job")).toHaveLength(1);
  });
});
