import { describe, expect, test, vi } from "vitest";
import { AlreadyExists, Incomplete } from "../../provider/resource/errors.ts";
import { heldOf } from "../support/host.ts";
import { item, list, type World, web, worker, world } from "./world.ts";

const app = "foo-default";
const post = `POST ${list}`;
const patch = `PATCH ${list}`;
const get = (type: string) => `GET ${item(type)}`;
const remove = (type: string) => `DELETE ${item(type)}`;

/** What a creation ends with when the formation exists but something later failed. */
async function incompleteOf(creation: Promise<unknown>) {
  const error = await creation.catch((reason: unknown) => reason);
  if (error instanceof Incomplete) return heldOf(error);
  throw new Error(`expected Incomplete, got ${error}`);
}

/** Checks that one run more changes nothing. */
async function expectSettled({ plan, refresh }: World, held: Parameters<World["plan"]>[0]) {
  const seen = await refresh(held);
  expect(seen && plan(seen)).toMatchObject({ action: "keep", warnings: [] });
}

describe("a creation", () => {
  test("is one POST where POST does all that is asked", async () => {
    const { create, sent, simulator, ...rest } = await world();
    const held = await create({ ...web, command: "node web.js", healthcheck: "/health" });
    expect(sent()).toEqual([post]);
    expect(held.id).toBe("foo-default/web");
    expect(held.state).toEqual({
      app,
      type: "web",
      size: "gp2",
      quantity: 1,
      port: 9000,
      command: "node web.js",
      healthcheck: "/health",
      formationId: simulator.formation(app, "web")?.id,
      serverSize: "gp2",
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    await expectSettled({ create, sent, simulator, ...rest }, held);
  });

  test("sends only what the program sets", async () => {
    const { create, simulator } = await world();
    await create(web);
    expect(simulator.requests[0]?.body).toEqual({ type: "web", size: "gp2", quantity: 1 });
  });

  test("of several instances adds a batch PATCH of the quantity and a GET", async () => {
    const { create, sent, patches, simulator } = await world();
    const held = await create({ ...web, quantity: 3 });
    expect(patches()).toEqual([[{ type: "web", quantity: 3 }]]);
    expect(sent()).toEqual([post, patch, get("web")]);
    expect(simulator.instances(app, "web")).toBe(3);
    expect(held.state).toMatchObject({ quantity: 3 });
    expect(held.state).not.toHaveProperty("__unfinished");
  });

  test("of no instance ends with none, though POST stores 1", async () => {
    const { create, simulator } = await world();
    const held = await create({ ...web, quantity: 0 });
    expect(simulator.instances(app, "web")).toBe(0);
    expect(held.state.quantity).toBe(0);
  });

  test("with a port writes config var PORT, by PATCH", async () => {
    const { create, sent, patches, simulator } = await world();
    await create({ ...web, port: 8080 });
    expect(patches()).toEqual([[{ type: "web", port: 8080 }]]);
    expect(sent()).toEqual([post, patch, get("web")]);
    expect(simulator.configVars(app)).toEqual({ PORT: "8080" });
  });

  test("with port and quantity sends both in one PATCH", async () => {
    const { create, patches } = await world();
    await create({ ...web, port: 8080, quantity: 2 });
    expect(patches()).toEqual([[{ type: "web", port: 8080, quantity: 2 }]]);
  });

  test("of a worker resends its command with the quantity", async () => {
    const { create, patches } = await world();
    await create({ ...worker, quantity: 2 });
    expect(patches()).toEqual([[{ type: "worker", quantity: 2, command: "node worker.js" }]]);
  });

  test("of a one-off without command says so with the quantity", async () => {
    const { create, patches, simulator } = await world();
    const options = { image: "jobs:1", env: { A: "1" } };
    const inputs = { ...web, type: "job", quantity: 0, oneoff: true, options };
    const held = await create(inputs);
    expect(patches()).toEqual([[{ type: "job", quantity: 0, oneoff: true }]]);
    expect(held.state).toMatchObject({ oneoff: true, options, quantity: 0 });
    expect(simulator.formation(app, "job")).toMatchObject({ oneoff: true, options });
  });

  test("keeps the program's size where the space adds a suffix", async () => {
    const all = await world({ tags: "compliance=prod" });
    const held = await all.create(web);
    expect(held.state).toMatchObject({ size: "gp2", serverSize: "gp2-prod" });
    await expectSettled(all, held);
  });

  test("keeps the program's name of the app", async () => {
    const all = await world();
    const { id } = all.simulator.apps.get(app) ?? { id: "" };
    const held = await all.create({ ...web, app: id });
    expect(held.id).toBe(`${id}/web`);
    expect(held.state.app).toBe(id);
    await expectSettled(all, held);
  });

  test("of six types at once never overlaps, so that none is stored twice", async () => {
    const { create, simulator, sent } = await world();
    const types = ["web", "a", "b", "c", "d", "e"];
    await Promise.all(types.map((type) => create({ ...worker, type })));
    expect(simulator.formations(app).map(({ type }) => type)).toEqual(types);
    expect(sent()).toEqual(types.map(() => post));
  });

  test("that the server refuses says why, and holds nothing", async () => {
    const { create, simulator } = await world();
    await expect(create({ ...web, size: "gp99" })).rejects.toThrow(
      /could not create formation.*422: The payload size was not recognized.*getAppSizes/,
    );
    expect(simulator.formations(app)).toEqual([]);
  });

  test("in maintenance says so, without looking for a rival", async () => {
    const { create, simulator, sent } = await world();
    simulator.maintenance(app, true);
    await expect(create(web)).rejects.toThrow(/is in maintenance mode/);
    expect(sent()).toEqual([post]);
  });

  test("in an app that does not exist says so", async () => {
    const { create } = await world();
    await expect(create({ ...web, app: "none-default" })).rejects.toThrow(
      /specified application none-default does not exist/,
    );
  });
});

describe("a web that Akkeris created on its own", () => {
  test("is taken over by one PATCH with everything asked", async () => {
    const { create, sent, patches, simulator } = await world();
    await create(worker);
    sent();
    const asked = {
      size: "gp3",
      quantity: 2,
      port: 8080,
      command: "node web.js",
      healthcheck: "/",
    };
    const held = await create({ ...web, ...asked });
    expect(patches()).toEqual([[{ type: "web", ...asked }]]);
    expect(sent()).toEqual([post, get("web"), patch, get("web")]);
    expect(held.state).toMatchObject(asked);
    expect(simulator.running(app, "web")).toMatchObject({ instances: 2, size: "gp3" });
  });

  test("gets the quantity even where it is the one that GET shows", async () => {
    const { create, simulator } = await world();
    await create(worker);
    expect(simulator.instances(app, "web")).toBe(1);
    await create({ ...web, quantity: 0 });
    expect(simulator.instances(app, "web")).toBe(0);
  });

  test.each([
    ["runs instances", { quantity: 2 }],
    ["has a command", { quantity: 0, command: "node web.js" }],
  ])("is not taken over when it %s", async (_, row) => {
    const { create, simulator, sent } = await world();
    simulator.addFormation(app, row);
    const error = await create(web).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AlreadyExists);
    expect(sent()).toEqual([post, get("web")]);
  });

  test("is not in the state when its takeover is refused", async () => {
    const { create, simulator } = await world();
    await create(worker);
    const order = { method: "PATCH", kind: { type: "status", status: 422, body: "no" } } as const;
    simulator.order(order);
    const error = await create(web).catch((reason: unknown) => reason);
    expect(error).not.toBeInstanceOf(Incomplete);
  });

  test("is in the state, unfinished, when its takeover may have been stored", async () => {
    const { create, simulator, update, patches, clock } = await world();
    await create(worker);
    simulator.failRegion({ call: "scale", times: 3 });
    const inputs = { ...web, quantity: 2 };
    const { id, state } = await incompleteOf(create(inputs));
    expect(clock.sleeps).toContain(3_000);
    expect(state).toMatchObject({ size: "gp2", quantity: 2, __unfinished: ["size", "quantity"] });
    simulator.clearRequests();
    await update({ id, state, inputs });
    expect(patches()).toEqual([[{ type: "web", size: "gp2", quantity: 2 }]]);
    expect(simulator.instances(app, "web")).toBe(2);
  });

  test("is in the state when it was taken over and could not be read", async () => {
    const { create, simulator, plan } = await world();
    await create(worker);
    simulator.order({ method: "GET", skip: 1, kind: { type: "status", status: 403, body: "no" } });
    const { id, state } = await incompleteOf(create(web));
    expect(plan({ id, state, inputs: web }).action).toBe("keep");
  });
});

describe("a formation that exists already", () => {
  test.each([
    ["worker", worker],
    ["web", web],
    ["job", { ...web, type: "job", quantity: 0, oneoff: true }],
  ])("of type %s is refused, with all ways out", async (type, inputs) => {
    const { create, simulator, sent } = await world();
    // Of the very same settings, even: a second run must not take it for its own.
    simulator.addFormation(app, { command: undefined, ...inputs });
    const error = await create(inputs).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AlreadyExists);
    expect(String(error)).toMatch(
      new RegExp(`formation "${type}" in app ${app} already exists .ID ${app}/${type}`),
    );
    expect(String(error)).toMatch(/aliases/);
    expect(String(error)).toMatch(/deleteBeforeReplace/);
    expect(sent()).toEqual([post, get(type)]);
  });
});

describe("a POST whose response is lost", () => {
  const lost = [
    ["a reset", { type: "reset", apply: true }],
    ["cut-off JSON", { type: "cutJson" }],
    ["an empty answer", { type: "empty" }],
    [
      "a proxy's 503",
      { type: "status", status: 503, body: "<html><title>busy</title></html>", apply: true },
    ],
    ["a proxy's 502", { type: "status", status: 502, body: "<html></html>", apply: true }],
  ] as const;

  test.each(lost)("by %s is found by a look at the server", async (_, kind) => {
    const all = await world();
    all.simulator.order({ method: "POST", kind });
    const held = await all.create(worker);
    expect(all.sent()).toEqual([post, get("worker")]);
    expect(all.simulator.formations(app).map(({ type }) => type)).toEqual(["web", "worker"]);
    await expectSettled(all, held);
  });

  test("is still followed by what POST does not do", async () => {
    const { create, simulator, sent } = await world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    await create({ ...web, quantity: 4 });
    expect(sent()).toEqual([post, get("web"), patch, get("web")]);
    expect(simulator.instances(app, "web")).toBe(4);
  });

  test("is recognised where 0 was asked and 1 is stored", async () => {
    const { create, simulator, sent } = await world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    await create({ ...web, quantity: 0 });
    expect(sent()).toEqual([post, get("web"), patch, get("web")]);
    expect(simulator.instances(app, "web")).toBe(0);
  });

  test("is repeated once where it had no effect", async () => {
    const { create, simulator, sent, warnings } = await world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: false } });
    await create(web);
    expect(sent()).toEqual([post, get("web"), post]);
    expect(warnings).toEqual([
      expect.stringMatching(/Checking for formation "web" in app foo-default before retrying\./),
    ]);
  });

  test("is not repeated a second time", async () => {
    const { create, simulator, sent } = await world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: false }, times: 2 });
    await expect(create(web)).rejects.toThrow(/could not create formation/);
    expect(sent()).toEqual([post, get("web"), post, get("web")]);
  });

  test("is recognised when it takes effect after the look", async () => {
    const { create, simulator, sent, clock } = await world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: false } });
    simulator.order({
      method: "POST",
      kind: {
        type: "status",
        status: 409,
        body: "The process of type web already exists.",
        apply: true,
      },
    });
    const held = await create(web);
    expect(sent()).toEqual([post, get("web"), post, get("web")]);
    expect(held.state.formationId).toBe(simulator.formation(app, "web")?.id);
    expect(clock.sleeps).toEqual([1_000]);
  });

  test("is not taken for another's formation", async () => {
    const { create, simulator } = await world();
    simulator.addFormation(app, { type: "worker", command: "another's", size: "gp2" });
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    await expect(create(worker)).rejects.toBeInstanceOf(AlreadyExists);
    expect(simulator.formation(app, "worker")?.command).toBe("another's");
  });

  test("says that it may have taken effect where looking fails too", async () => {
    const { create, simulator } = await world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    simulator.order({ method: "GET", kind: { type: "status", status: 403, body: "no" } });
    await expect(create(web)).rejects.toThrow(
      /POST .* Checking for formation "web" in app foo-default failed: .*GET .* 403: no\. Nothing more was sent/,
    );
  });
});

describe("a POST during which the region fails", () => {
  test("is undone and repeated, for the row stays without its region's part", async () => {
    const { create, simulator, sent } = await world();
    simulator.failRegion({ call: "create" });
    await create(web);
    expect(sent()).toEqual([post, get("web"), remove("web"), post]);
    expect(simulator.formations(app)).toHaveLength(1);
    expect(simulator.instances(app, "web")).toBe(1);
  });

  test("is just repeated where it failed before the row was written", async () => {
    const { create, simulator, sent } = await world();
    simulator.failRegion({ call: "sizes" });
    await create(web);
    expect(sent()).toEqual([post, get("web"), post]);
  });

  test("is not taken for another's that comes in between", async () => {
    const { create, simulator } = await world();
    simulator.failRegion({ call: "create" });
    simulator.onAnswer = ({ method }) => {
      if (method === "DELETE") simulator.addFormation(app, { size: "gp2" });
    };
    await expect(create(web)).rejects.toBeInstanceOf(AlreadyExists);
  });

  test("leaves nothing behind when it fails again", async () => {
    const { create, simulator, sent } = await world();
    simulator.failRegion({ call: "create", times: 2 });
    await expect(create(web)).rejects.toThrow(/503: Service Unavailable Error/);
    expect(sent()).toEqual([post, get("web"), remove("web"), post, get("web"), remove("web")]);
    expect(simulator.formations(app)).toEqual([]);
  });

  test("deletes nobody else's formation, not even one of the same settings", async () => {
    const { create, simulator, sent, clock } = await world();
    simulator.addFormation(app, { size: "gp2" });
    await clock.sleep(10 * 60_000);
    simulator.failRegion({ call: "sizes" });
    await expect(create(web)).rejects.toBeInstanceOf(AlreadyExists);
    expect(sent()).toEqual([post, get("web")]);
    expect(simulator.formations(app)).toHaveLength(1);
  });
});

describe("a creation whose steps after POST fail", () => {
  test("keeps the formation and sends the rest again, though GET shows it", async () => {
    const { create, refresh, update, plan, patches, simulator } = await world();
    simulator.order({ method: "PATCH", kind: { type: "status", status: 403, body: "no" } });
    const inputs = { ...web, quantity: 3, port: 8080 };
    const { id, state } = await incompleteOf(create(inputs));
    expect(state).toMatchObject({ quantity: 3, port: 8080, __unfinished: ["quantity", "port"] });

    const seen = await refresh({ id, state, inputs });
    expect(seen?.state).toMatchObject({ quantity: 3, port: 8080 });
    const held = { id, state: seen?.state ?? {}, inputs };
    expect(plan(held).action).toBe("update");
    simulator.clearRequests();
    const done = await update(held);
    expect(patches()).toEqual([[{ type: "web", quantity: 3, port: 8080 }]]);
    expect(simulator.instances(app, "web")).toBe(3);
    expect(simulator.configVars(app)).toEqual({ PORT: "8080" });
    expect(plan(done).action).toBe("keep");
  });

  test("names only what is left undone", async () => {
    const { create, simulator } = await world();
    simulator.order({ method: "PATCH", kind: { type: "status", status: 403, body: "no" } });
    const { state } = await incompleteOf(create({ ...web, port: 8080 }));
    expect(state.__unfinished).toEqual(["port"]);
  });

  test("keeps the formation when the engine cancels", async () => {
    const { create, simulator, aborter } = await world();
    simulator.order({ method: "PATCH", kind: { type: "hang", apply: false } });
    const creation = incompleteOf(create({ ...web, quantity: 3 }));
    await vi.waitUntil(() => simulator.count("PATCH") === 1);
    aborter.abort(new Error("cancelled"));
    const { id, state } = await creation;
    expect(id).toBe("foo-default/web");
    expect(state.__unfinished).toEqual(["quantity"]);
  });
});
