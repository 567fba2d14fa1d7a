import { describe, expect, test } from "vitest";
import { HttpError } from "../../provider/http/errors.ts";
import { CreationInDoubt } from "../../provider/resource/create-once.ts";
import { AlreadyExists, Incomplete } from "../../provider/resource/errors.ts";
import { newEid } from "../../simulators/crunchybridge.ts";
import { failure } from "../support/failure.ts";
import { failureOf, httpFailureOf, world } from "./world.ts";

const replicas = /\/replicas$/;
const lost = { type: "reset", apply: true } as const;
const unsent = { type: "reset", apply: false } as const;
const POST = "POST /clusters/orders-primary/replicas";

async function withReplica(inputs = {}) {
  const made = await world();
  const held = await made.create(inputs);
  made.sent();
  return { ...made, held };
}

describe("a name that is taken", () => {
  test("by another replica of the cluster is an error that names it, after one POST", async () => {
    const { create, simulator, primary, sent } = await world();
    const rival = simulator.addCluster({ name: "orders-read", parent_id: primary.id });
    const error = await failureOf(create());
    expect(error).toBeInstanceOf(AlreadyExists);
    expect(error.message).toContain(`replica "orders-read" of cluster ${primary.id}`);
    expect(error.message).toContain(`ID ${rival.id}, created ${rival.created_at}`);
    const look = ["GET /clusters/orders-read", "GET /clusters/orders-read/status"];
    expect(sent()).toEqual([POST, "GET /clusters/orders-primary", ...look]);
  });

  test("by a replica that is being destroyed is free after a wait", async () => {
    const { create, simulator, primary, api, options, sent } = await world();
    const rival = simulator.addCluster({ name: "orders-read", parent_id: primary.id });
    await api.destroy(rival.id, options);

    const { id } = await create();

    expect(id).not.toBe(rival.id);
    expect(simulator.destroyed).toContain(rival.id);
    expect(sent().filter((line) => line === POST)).toHaveLength(2);
  });

  test("by another cluster of the team names that one", async () => {
    const { create, simulator, sent } = await world();
    simulator.pageSize = 1;
    const { id } = simulator.addCluster({ name: "orders-read" });
    const error = await failureOf(create());
    expect(error).toBeInstanceOf(AlreadyExists);
    expect(error.message).toContain('cluster "orders-read" in the team');
    expect(error.message).toContain(id);
    expect(sent().filter((line) => line === "GET /clusters")).not.toHaveLength(0);
  });

  test("looks for it in the team only", async () => {
    const { create, simulator } = await world();
    const name = "orders-read";
    const elsewhere = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
    simulator.addCluster({ name, id: elsewhere, team_id: newEid() });
    const { id } = simulator.addCluster({ name });
    const { message } = await failureOf(create());
    expect(message).toContain(id);
    expect(message).not.toContain(elsewhere);
  });

  test("by what the key may not see fails in the server's words, after one POST", async () => {
    const { create, simulator } = await world();
    const body = { message: "The name is taken in this team." };
    simulator.order({ method: "POST", kind: { type: "status", status: 409, body } });
    const error = await httpFailureOf(create());
    expect(error).toMatchObject({ code: "CONFLICT", serverMessage: body.message });
    expect(simulator.count("POST")).toBe(1);
  });

  test("by one that was there before is not taken for ours, though a response was lost", async () => {
    const { create, simulator, primary, clock } = await world();
    simulator.addCluster({ name: "orders-read", parent_id: primary.id });
    await clock.sleep(2_000);
    simulator.order({ method: "POST", path: replicas, kind: unsent });
    expect(await failureOf(create())).toBeInstanceOf(AlreadyExists);
    expect(simulator.clusters.size).toBe(2);
  });

  test("by one that came meanwhile is not taken for ours, where no response was lost", async () => {
    const { create, simulator, primary } = await world();
    simulator.addCluster({
      name: "orders-read",
      parent_id: primary.id,
      created_at: simulator.clock.timestamp(simulator.clock.now() + 5_000),
    });
    expect(await failureOf(create())).toBeInstanceOf(AlreadyExists);
  });
});

describe("a creation whose response is lost", () => {
  test.each([1, 4])("%i times is repeated under the same key and made once", async (times) => {
    const { create, simulator, primary, sent } = await world();
    simulator.order({ method: "POST", path: replicas, times, kind: lost });
    const { id } = await create();
    expect(simulator.replicasOf(primary.id)).toMatchObject([{ id }]);
    const keys = simulator.requests.flatMap(({ headers }) => headers["idempotency-key"] ?? []);
    expect(new Set(keys).size).toBe(1);
    expect(sent().filter((line) => line === POST)).toHaveLength(times + 1);
  });

  test.each([
    ["in a 500", { type: "status", status: 500, apply: true }],
    ["in cut-off JSON", { type: "cutJson" }],
    ["in an answer that broke off", { type: "truncated" }],
    ["in an empty answer", { type: "empty" }],
  ] as const)("%s is found again", async (_, kind) => {
    const { create, simulator, primary } = await world();
    simulator.order({ method: "POST", path: replicas, kind });
    const { id } = await create();
    expect(simulator.replicasOf(primary.id)).toMatchObject([{ id }]);
  });

  test("for good is found by its name", async () => {
    const { create, simulator, primary, sent } = await world();
    simulator.order({ method: "POST", path: replicas, times: 5, kind: lost });
    const { id, state } = await create();
    expect(simulator.replicasOf(primary.id)).toMatchObject([{ id }]);
    expect(state).toMatchObject({ name: "orders-read", state: "ready" });
    expect(sent().slice(5, 7)).toEqual([
      "GET /clusters/orders-primary",
      "GET /clusters/orders-read",
    ]);
  });

  test("and whose key the server has forgotten is found by its name", async () => {
    const { create, simulator, primary } = await world();
    simulator.order({ method: "POST", path: replicas, kind: lost });
    simulator.onAnswer = () => simulator.idempotency.stored.clear();
    const { id } = await create();
    expect(simulator.replicasOf(primary.id)).toMatchObject([{ id }]);
  });

  test("and that nobody can look for is told, and found by the next run", async () => {
    const { create, simulator, primary } = await world();
    simulator.order({ method: "POST", path: replicas, times: 5, kind: lost });
    simulator.order({ method: "GET", kind: { type: "status", status: 403 } });
    const { message, cause } = await failure(create(), CreationInDoubt);
    expect(cause).toBeInstanceOf(HttpError);
    expect(message).toMatch(/POST .*It may have taken effect\. .*GET .* 403/);
    expect(message).toContain("Nothing more was sent; the next `pulumi up` checks before it");
    expect(await failureOf(create())).toBeInstanceOf(AlreadyExists);
    expect(simulator.replicasOf(primary.id)).toHaveLength(1);
  });

  test("and that was not made is asked for again under the same key", async () => {
    const { create, simulator, primary, warnings } = await world();
    simulator.order({ method: "POST", path: replicas, times: 5, kind: unsent });
    const { id } = await create();
    expect(simulator.replicasOf(primary.id)).toMatchObject([{ id }]);
    const keys = simulator.requests.flatMap(({ headers }) => headers["idempotency-key"] ?? []);
    expect(keys).toHaveLength(6);
    expect(new Set(keys).size).toBe(1);
    expect(warnings).toEqual([expect.stringContaining("before retrying")]);
  });

  test("and whose key has run out is not asked for again", async () => {
    const { create, simulator, call } = await world();
    call.timeout = 5 * 3_600_000;
    simulator.order({ method: "POST", path: replicas, times: 5, kind: unsent });
    simulator.onAnswer = () => simulator.clock.advance(15 * 60_000);
    expect(await httpFailureOf(create())).toMatchObject({ code: "NO_ANSWER", tries: 5 });
    expect(simulator.count("POST")).toBe(5);
  });

  test("since it is cancelled ends there", async () => {
    const { create, simulator, aborter, sent } = await world();
    simulator.order({ method: "POST", path: replicas, kind: { type: "hang", apply: true } });
    const created = failureOf(create());
    await expect.poll(() => simulator.requests.length).toBe(1);
    aborter.abort();
    expect(await created).toMatchObject({ code: "CANCELLED", operation: "create replica" });
    expect(sent()).toEqual([POST]);
  });

  test("and never comes about ends with the error", async () => {
    const { create, simulator, primary } = await world();
    simulator.order({ method: "POST", path: replicas, times: 20, kind: unsent });
    expect(await httpFailureOf(create())).toMatchObject({
      code: "NO_ANSWER",
      mayHaveTakenEffect: true,
    });
    expect(simulator.replicasOf(primary.id)).toEqual([]);
  });
});

test("a creation that is refused is sent once and leaves nothing", async () => {
  const { create, sent } = await world();
  const error = await failureOf(create({ planId: "huge-1" }));
  expect(error).not.toBeInstanceOf(Incomplete);
  expect(error.message).toContain("plan_id: aws has no plan huge-1");
  expect(sent()).toEqual([POST]);
});

describe("a creation that fails on the server", () => {
  test("as creation_failed ends the wait at once, and is replaced by the next run", async () => {
    const { createPartly, plan, simulator, clock } = await world();
    simulator.failCreation = true;
    const began = clock.now();
    const { held, error } = await createPartly();
    expect(error.message).toContain('the server reports the state "creation_failed"');
    expect(clock.now() - began).toBeLessThan(330_000);
    expect(held.state).toMatchObject({ state: "creation_failed", name: "orders-read" });
    expect(plan(held)).toMatchObject({ action: "replace", order: "old first" });
  });

  test.each([
    ["failed", "Crunchy Bridge's console shows the reason"],
    ["destroying", "When it is gone, run `pulumi refresh`"],
  ])("as %s ends the wait at once, and says what to do", async (state, advice) => {
    const { createPartly, simulator, clock, primary } = await world();
    const began = clock.now();
    simulator.onAnswer = ({ method }) => {
      const made = simulator.replicasOf(primary.id)[0];
      if (method === "POST" && made) simulator.setState(made.id, state);
    };
    const { held, error } = await createPartly();
    expect(error.message).toContain(`the server reports the state "${state}". ${advice}`);
    expect(clock.now() - began).toBeLessThan(1_000);
    expect(held.state.state).toBe(state);
  });

  test("by being gone ends the wait at once", async () => {
    const { createPartly, simulator, primary } = await world();
    simulator.onAnswer = ({ method }) => {
      const made = simulator.replicasOf(primary.id)[0];
      if (method === "POST" && made) simulator.destroyOutOfBand(made.id);
    };
    const { error } = await createPartly();
    expect(error.message).toContain("it is gone: run `pulumi refresh`");
  });

  test("in a state that nobody has heard of keeps waiting to its deadline", async () => {
    const { createPartly, simulator, call, primary } = await world();
    simulator.onAnswer = ({ method }) => {
      const made = simulator.replicasOf(primary.id)[0];
      if (method === "POST" && made) simulator.setState(made.id, "levitating");
    };
    call.timeout = 600_000;
    const { error } = await createPartly();
    expect(error.cause).toMatchObject({ code: "WAIT_TIMED_OUT" });
    expect(error.message).toContain("levitating");
  });
});

describe("a creation that does not end", () => {
  test("in time is held, and waited for by the next run", async () => {
    const { createPartly, plan, update, call, writes } = await world();
    call.timeout = 100_000;
    const { held, error } = await createPartly();
    expect(error.cause).toMatchObject({ code: "WAIT_TIMED_OUT" });
    expect(held.state).toMatchObject({ name: "orders-read", state: "creating" });
    expect(held.state).not.toHaveProperty("host");
    const reasons = [expect.stringContaining('state "creating"')];
    expect(plan(held)).toMatchObject({ action: "update", changes: [], reasons });
    call.timeout = undefined;
    expect((await update(held)).state.state).toBe("ready");
    expect(writes()).toEqual([POST]);
  });

  test("in the time of two runs is held as it was last seen", async () => {
    const { createPartly, updatePartly, call } = await world();
    call.timeout = 100_000;
    const { held } = await createPartly();
    const { held: later } = await updatePartly(held);
    expect(later.state.state).toBe("finalizing");
  });

  test("in time is still unfinished after a refresh, and then gets what else is asked", async () => {
    const { createPartly, refresh, plan, update, call, writes } = await world();
    call.timeout = 100_000;
    const { held } = await createPartly({ isProtected: true });
    const refreshed = await refresh(held);
    if (!refreshed) throw new Error("the replica is gone");
    expect(plan(refreshed, { isProtected: false }).reasons).toHaveLength(1);
    call.timeout = undefined;
    const { state } = await update(refreshed);
    expect(state).toMatchObject({ state: "ready", isProtected: true });
    expect(writes()).toEqual([POST, "PATCH /clusters/orders-read"]);
  });

  test("since it is cancelled is held", async () => {
    const { createPartly, aborter, simulator } = await world();
    simulator.onAnswer = ({ path }) => {
      if (path.endsWith("/status")) aborter.abort();
    };
    const { held, error } = await createPartly();
    expect(error.message).toMatch(/[Cc]ancelled/);
    expect(held.state).toMatchObject({ name: "orders-read", state: "creating" });
  });

  test("since the first step is refused is held as ready", async () => {
    const { createPartly, simulator } = await world();
    const refusal = { type: "status", status: 400, body: { message: "not now" } } as const;
    simulator.order({ path: /upgrade$/, method: "POST", kind: refusal });
    const { held } = await createPartly({ storage: 200 });
    expect(held.state).toMatchObject({ state: "ready", storage: 100 });
  });

  test("since a later step is refused is held, and the next run makes what is missing", async () => {
    const { createPartly, plan, update, simulator, writes } = await world();
    const inputs = { storage: 200, isHa: true, environment: "production", detached: true };
    const refusal = { type: "status", status: 400, body: { message: "not now" } } as const;
    simulator.order({ method: "PUT", path: /enable-ha$/, kind: refusal });
    const { held, error } = await createPartly(inputs);
    expect(error.message).toContain("not now");
    expect(held.state).toMatchObject({ storage: 200, isHa: false, state: "ready" });
    writes();
    expect(plan(held).changes.map(({ property }) => property)).toEqual([
      ...["isHa", "environment", "detached"],
    ]);
    const { state } = await update(held);
    expect(writes()).toEqual([
      "PUT /clusters/orders-read/actions/enable-ha",
      "PATCH /clusters/orders-read",
      "PUT /clusters/orders-read/actions/detach",
    ]);
    expect(state).toMatchObject(inputs);
  });
});

describe("a change that does not end in time", () => {
  test.each([
    ["an upgrade of plan", { planId: "standard-16" }],
    ["an upgrade of storage", { storage: 200 }],
    ["a change of high availability", { isHa: true }],
  ])("%s has the next run wait, and is not sent twice", async (_, changes) => {
    const { held, updatePartly, update, plan, call, writes } = await withReplica();
    call.timeout = 30_000;
    const { held: partial, error } = await updatePartly(held, changes);
    expect(error.cause).toMatchObject({ code: "WAIT_TIMED_OUT" });
    expect(writes()).toHaveLength(1);
    expect(plan(partial).changes).toMatchObject([{ property: Object.keys(changes)[0] }]);
    call.timeout = undefined;
    const { state } = await update(partial);
    expect(writes()).toEqual([]);
    expect(state).toMatchObject(changes);
  });

  test("a plan that shows already is still waited for after a refresh", async () => {
    const { held, updatePartly, refresh, update, call, clock, writes } = await withReplica();
    call.timeout = 30_000;
    const { held: partial } = await updatePartly(held, { planId: "standard-16" });
    writes();
    const refreshed = await refresh(partial);
    if (!refreshed) throw new Error("the replica is gone");
    expect(refreshed.state.planId).toBe("standard-16");
    const { held: again } = await updatePartly(refreshed);
    call.timeout = undefined;
    const began = clock.now();
    const done = await update(again);
    expect(clock.now() - began).toBeGreaterThan(30_000);
    expect(writes()).toEqual([]);
    expect(done.state).not.toHaveProperty("__unfinished");
  });

  test("an update waits for a detachment; its repetition is a no-op", async () => {
    const { held, updatePartly, update, call, simulator } = await withReplica();
    simulator.detachSeconds = 300;
    call.timeout = 30_000;
    const { held: partial } = await updatePartly(held, { detached: true });
    expect(partial.state.detached).toBe(false);
    call.timeout = undefined;
    const { state } = await update(partial);
    expect(state.detached).toBe(true);
  });

  test("an operation that was cancelled is told, and asked for again by the next run", async () => {
    const { held, updatePartly, update, simulator, writes } = await withReplica();
    simulator.onAnswer = ({ method }) => {
      if (method === "POST") simulator.underwayWith(held.id).operations = [];
    };
    const { held: partial, error } = await updatePartly(held, { storage: 200 });
    expect(error.message).toContain("storage is not as asked");
    simulator.onAnswer = undefined;
    writes();
    expect((await update(partial)).state.storage).toBe(200);
    expect(writes()).toEqual(["POST /clusters/orders-read/upgrade"]);
  });

  test("an upgrade during which the cluster fails ends the wait at once", async () => {
    const { held, updatePartly, simulator, clock } = await withReplica();
    simulator.onAnswer = ({ method }) => {
      if (method === "POST") simulator.setState(held.id, "failed");
    };
    const began = clock.now();
    const { error } = await updatePartly(held, { storage: 200 });
    expect(error.message).toContain('the server reports the state "failed"');
    expect(clock.now() - began).toBeLessThan(1_000);
  });
});

describe("a change whose response is lost for good", () => {
  test.each([
    ["POST", { planId: "standard-16", storage: 200 }],
    ["PUT", { isHa: true }],
    ["PATCH", { environment: "production" }],
    ["PUT", { detached: true }],
  ])("by %s is found by a look at the server: %o", async (method, changes) => {
    const { held, update, simulator, warnings } = await withReplica();
    simulator.order({ method, times: 5, kind: lost });
    const { state } = await update(held, changes);
    expect(state).toMatchObject(changes);
    expect(warnings).toEqual([expect.stringContaining("Checking whether it did")]);
  });

  test("and that did not come about fails with the error, and is sent by the next run", async () => {
    const { held, updatePartly, update, simulator, writes } = await withReplica();
    simulator.order({ method: "POST", times: 5, kind: unsent });
    const { held: partial, error } = await updatePartly(held, { storage: 200 });
    expect(error.cause).toMatchObject({ code: "NO_ANSWER" });
    writes();
    expect((await update(partial)).state.storage).toBe(200);
    expect(writes()).toEqual(["POST /clusters/orders-read/upgrade"]);
  });

  test("where the detachment has ended by the next try is success", async () => {
    const { held, update, simulator } = await withReplica();
    simulator.detachSeconds = 0;
    simulator.order({ method: "PUT", kind: lost });
    expect((await update(held, { detached: true })).state.detached).toBe(true);
  });
});

test("a change that is refused changes nothing of what the engine holds", async () => {
  const { held, update } = await withReplica();
  const error = await failureOf(update(held, { planId: "huge-1" }));
  expect(error).not.toBeInstanceOf(Incomplete);
  expect(error.message).toContain("plan_id: aws has no plan huge-1");
});

describe("an operation that somebody has scheduled for later", () => {
  async function withScheduled() {
    const made = await withReplica();
    const { simulator, held } = made;
    const startingFrom = simulator.clock.timestamp(simulator.clock.now() + 48 * 3_600_000);
    await fetch(`${simulator.url}/clusters/${held.id}/upgrade`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${simulator.token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ storage: 200, starting_from: startingFrom }),
    });
    made.sent();
    return made;
  }

  test("does not hold up a PATCH", async () => {
    const { held, update, clock } = await withScheduled();
    const began = clock.now();
    await update(held, { isProtected: true });
    expect(clock.now()).toBe(began);
  });

  test("is not waited for before another operation, which the server refuses", async () => {
    const { held, update, clock } = await withScheduled();
    const began = clock.now();
    const error = await failureOf(update(held, { planId: "standard-16" }));
    expect(error.message).toContain("wait for it or cancel it");
    expect(clock.now()).toBe(began);
  });
});

test("no error holds the API key", async () => {
  const { create, config, simulator } = await world();
  const body = { message: `bad key ${simulator.token}` };
  simulator.order({ kind: { type: "status", status: 401, body } });
  const error = await failureOf(create());
  expect(error.message).not.toContain(String(config.crunchyBridgeApiKey));
  expect(error.message).toContain("formations:crunchyBridgeApiKey");
});
