import { describe, expect, test } from "vitest";
import { z } from "zod";
import * as errors from "../../provider/http/errors.ts";
import { WaitTimedOut } from "../../provider/resource/errors.ts";
import { failure } from "../support/failure.ts";
import { definition, item, large, list, pauses, small, world } from "./world.ts";

/** A formation that was created, and nothing sent since. */
async function settled(inputs: object = large) {
  const made = await world();
  const held = await made.host.create({ ...inputs });
  made.simulator.clearRequests();
  return { ...made, held };
}

describe("read", () => {
  test("is one request, and finds nothing changed where nothing has", async () => {
    const { host, held, sent } = await settled();
    expect(await host.refresh(held)).toEqual(held);
    expect(sent()).toEqual([`GET ${item(held.id)}`]);
  });

  test("carries what the server does not know", async () => {
    const { host, held } = await settled({ ...large, allowDuplicateName: true });
    expect((await host.refresh(held))?.state.allowDuplicateName).toBe(true);
  });

  test("sees what was resized in the console, and leaves the program's inputs alone", async () => {
    const { host, simulator, held } = await settled();
    simulator.resize(held.id, { worker_count: 8, worker_disk_size: "2560", coordinator_ha: false });
    const seen = (await host.refresh(held)) ?? expect.fail("gone");
    expect(seen.state).toMatchObject({
      workerCount: 8,
      workerDiskSize: 2560,
      coordinatorHa: false,
    });
    expect(seen.applied).toBeUndefined();
    expect(host.plan(seen)).toMatchObject({
      action: "keep",
      warnings: ["coordinatorHa", "workerCount", "workerDiskSize"].map((key) =>
        expect.stringMatching(`^${key} is `),
      ),
    });
    expect(host.plan(seen, { ...large, workerCount: 8 }).warnings).toHaveLength(2);
  });

  test("of one that is being archived still finds it", async () => {
    const { host, simulator, held } = await settled();
    simulator.setState(held.id, "archiving");
    expect((await host.refresh(held))?.state.state).toBe("archiving");
  });

  test.each([
    ["archived", true],
    ["archived, and answered with 404", false],
  ])("finds nothing where it is %s", async (_, answers) => {
    const { host, simulator, held } = await settled();
    simulator.answersArchived = answers;
    simulator.archive(held.id);
    expect(await host.refresh(held)).toBeUndefined();
  });

  test.each([
    ["404 with a web page", { type: "html", status: 404 }, errors.NotFound],
    ["401", { type: "status", status: 401 }, errors.Unauthorized],
    ["403", { type: "status", status: 403 }, errors.Forbidden],
    ["500", { type: "status", status: 500, body: "Boom" }, errors.ServerFailure],
  ] as const)("takes it for gone by no %s", async (_, kind, type) => {
    const { host, simulator, held } = await settled();
    simulator.order({ kind, times: 5 });
    await failure<errors.HttpError>(host.refresh(held), type);
  });
});

test("a state has nothing but what the schemas know, ready or not", async () => {
  const { host, simulator, held } = await settled({ ...large, allowDuplicateName: true });
  const { inputs, outputs } = definition;
  const known = z.strictObject({ ...inputs.shape, ...outputs.shape });
  expect(known.parse(held.state)).toEqual(held.state);
  expect(Object.keys(held.state).sort()).toEqual(Object.keys(known.shape).sort());
  const { id } = simulator.addFormation({ state: "creating" });
  const { __pending, ...state } = (await host.import(id))?.state ?? {};
  expect(known.parse(state)).toEqual(state);
});

describe("import", () => {
  test("reads a formation by its ID", async () => {
    const { host, held } = await settled();
    const { id, state } = held;
    expect(await host.import(id)).toEqual({ id, state });
  });

  test("of one that is being created is an unfinished one", async () => {
    const { host, simulator } = await world();
    const { id } = simulator.addFormation({ state: "converging" });
    expect((await host.import(id))?.state).toMatchObject({ state: "converging", __pending: true });
  });

  test("of an unknown ID finds nothing", async () => {
    const { host } = await world();
    expect(await host.import("0123456789abcdef0123456789a")).toBeUndefined();
  });
});

describe("a run without a change", () => {
  test("sends nothing", async () => {
    const { host, held, sent } = await settled();
    expect(host.plan(held).action).toBe("keep");
    expect(sent()).toEqual([]);
  });

  test("is what it is for other spellings too", async () => {
    const { host, held } = await settled(small);
    const spelled = { ...small, workerCount: "2", workerDiskSize: "100", workerHa: false };
    expect(host.plan(held, spelled)).toMatchObject({ action: "keep", changes: [] });
  });
});

test("a replacement has both formations for a while, and then the new one", async () => {
  const { host, simulator, held } = await settled();
  const changed = { ...large, workerCount: 8 };
  expect(host.plan(held, changed)).toMatchObject({ action: "replace", order: "new first" });
  const made = await host.create(changed);
  expect(simulator.formations.get(held.id)?.state).toBe("steady");
  await host.destroy(held);
  expect([...simulator.formations.values()]).toMatchObject([
    { id: held.id, state: "archived" },
    { id: made.id, state: "steady", tune_attributes: { worker_count: 8 } },
  ]);
});

describe("delete", () => {
  test("sends one DELETE, and looks until the formation is archived", async () => {
    const { host, simulator, held, sent, only } = await settled();
    await host.destroy(held);
    const [first, ...looks] = sent();
    expect(first).toBe(`DELETE ${item(held.id)}`);
    expect(new Set(looks)).toEqual(new Set([`GET ${item(held.id)}`]));
    expect(looks.length).toBeLessThanOrEqual(6);
    expect(Math.min(...pauses(simulator))).toBeGreaterThanOrEqual(12_000);
    expect(only().state).toBe("archived");
    expect(host.progress).toContainEqual(expect.stringMatching(/^archiving, /));
  });

  test("ends where the server forgets the formation", async () => {
    const { host, simulator, held, only } = await settled();
    simulator.answersArchived = false;
    await host.destroy(held);
    expect(only().state).toBe("archived");
  });

  test.each([true, false])(
    "of an archived one is done, answered still or not: %s",
    async (answers) => {
      const { host, simulator, held } = await settled();
      simulator.answersArchived = answers;
      simulator.archive(held.id);
      await host.destroy(held);
      expect(simulator.count("DELETE")).toBe(1);
      expect(simulator.requests.length).toBeLessThanOrEqual(2);
    },
  );

  test("of one that is being archived waits for that", async () => {
    const { host, simulator, clock, held, only } = await settled();
    simulator.setState(held.id, "archiving");
    clock.onSleep = () => simulator.archive(held.id);
    await host.destroy(held);
    expect(only().state).toBe("archived");
  });

  test("whose response was lost is sent again, and done", async () => {
    const { host, simulator, held, only } = await settled();
    simulator.order({ method: "DELETE", kind: { type: "reset", apply: true } });
    await host.destroy(held);
    expect(simulator.count("DELETE")).toBe(2);
    expect(only().state).toBe("archived");
  });

  test.each([
    ["404 with a web page", { type: "html", status: 404 }, errors.NotFound],
    ["401", { type: "status", status: 401 }, errors.Unauthorized],
    ["403", { type: "status", status: 403 }, errors.Forbidden],
    ["500", { type: "status", status: 500, body: "Boom" }, errors.ServerFailure],
  ] as const)("is not done by %s", async (_, kind, type) => {
    const { host, simulator, held, only } = await settled();
    simulator.order({ method: "DELETE", kind, times: 5 });
    await failure<errors.HttpError>(host.destroy(held), type);
    expect(only().state).toBe("steady");
  });

  test("does not end well where the formation is never archived", async () => {
    const { host, simulator, held } = await settled();
    simulator.archivingSeconds = Number.POSITIVE_INFINITY;
    const error = await failure(host.destroy(held), WaitTimedOut);
    expect(error.message).toMatch(
      /^Waited \d+ min.* for formation "orders" \([0-9a-f]{27}\) to be archived; last seen: archiving\./,
    );
  });
});

test("no token and no password is in what a run says", async () => {
  const { host, simulator, only } = await world();
  simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
  simulator.order({ path: list, kind: { type: "status", status: 429, body: simulator.token } });
  const held = await host.create(small);
  simulator.order({
    method: "DELETE",
    kind: { type: "status", status: 422, body: simulator.token },
  });
  const error = await failure(host.destroy(held), errors.Refused);
  const said = [...host.progress, ...host.waits, ...host.warnings, error.message].join("\n");
  expect(host.waits).not.toEqual([]);
  expect(said).not.toContain(simulator.token);
  expect(said).not.toContain(only().database_url);
});
