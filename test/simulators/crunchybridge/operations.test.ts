import { describe, expect, test } from "vitest";
import {
  CrunchyBridgeSimulator,
  newEid,
  type SimCluster,
} from "../../../simulators/crunchybridge.ts";
import { running } from "../kit/testing.ts";

/** A simulator with one primary and its ready replica. */
async function withReplica(partial: Partial<SimCluster> = {}) {
  const simulator = await running(new CrunchyBridgeSimulator({ speed: 0 }));
  const primary = simulator.addCluster({ name: "orders-primary" });
  const replica = simulator.addCluster({
    name: "orders-read",
    parent_id: primary.id,
    ...partial,
  });
  return { simulator, primary, replica, path: `/clusters/${replica.id}` };
}

async function call(
  simulator: CrunchyBridgeSimulator,
  method: string,
  path: string,
  body?: unknown,
  authorization = `Bearer ${simulator.token}`,
) {
  const answer = await fetch(`${simulator.url}${path}`, {
    method,
    headers: { authorization, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : text };
}

describe("an upgrade", () => {
  test("shows the new plan at once, storage once its operation has ended", async () => {
    const { simulator, path } = await withReplica();
    const change = { plan_id: "standard-16", storage: 200 };
    expect((await call(simulator, "POST", `${path}/upgrade`, change)).status).toBe(201);
    const during = (await call(simulator, "GET", path)).body;
    const pending = (await call(simulator, "GET", `${path}/upgrade`)).body.operations;
    simulator.clock.advance(121_000);
    const after = (await call(simulator, "GET", path)).body;
    expect(during).toMatchObject({ plan_id: "standard-16", memory: 16, storage: 100 });
    expect(pending).toMatchObject([{ flavor: "resize", state: "in_progress" }]);
    expect(after).toMatchObject({ plan_id: "standard-16", storage: 200 });
    expect((await call(simulator, "GET", `${path}/upgrade`)).body.operations).toEqual([]);
  });

  test("keeps the host, and shows in the status while the state stays ready", async () => {
    const { simulator, replica, path } = await withReplica();
    await call(simulator, "POST", `${path}/upgrade`, { plan_id: "standard-16" });
    const { body } = await call(simulator, "GET", `${path}/status`);
    expect(body.state).toBe("ready");
    expect(body.ongoing_upgrade.operations).toHaveLength(1);
    expect(simulator.clusters.get(replica.id)?.host).toBe(replica.host);
  });

  test("of the Postgres version shows when it ends", async () => {
    const { simulator, path } = await withReplica();
    const change = { postgres_version_id: "zj2rq6wqrzf4bfybcwxsgsfopm" };
    await call(simulator, "POST", `${path}/upgrade`, change);
    const versions = [(await call(simulator, "GET", path)).body.major_version];
    simulator.clock.advance(121_000);
    versions.push((await call(simulator, "GET", path)).body.major_version);
    expect(versions).toEqual([16, 17]);
  });

  test.each<[string, object]>([
    ["smaller storage", { storage: 99 }],
    ["storage as a string", { storage: "200" }],
    ["an unknown plan", { plan_id: "huge-1" }],
    ["an unknown version", { postgres_version_id: newEid() }],
    ["an older version", { postgres_version_id: "6ibnzig5avgutdgdzei2jwvvt4" }],
    ["a start 73 hours ahead", { storage: 200, starting_from: inHours(73) }],
    ["what the cluster already has", { plan_id: "standard-8", storage: 100 }],
    ["nothing", {}],
  ])("refuses %s", async (_what, change) => {
    const { simulator, replica, path } = await withReplica();
    expect((await call(simulator, "POST", `${path}/upgrade`, change)).status).toBe(400);
    expect(simulator.clusters.get(replica.id)).toMatchObject({ plan_id: "standard-8" });
  });

  test("while another is pending is 409", async () => {
    const { simulator, path } = await withReplica();
    await call(simulator, "POST", `${path}/upgrade`, { storage: 200 });
    expect((await call(simulator, "POST", `${path}/upgrade`, { storage: 300 })).status).toBe(409);
    expect((await call(simulator, "PUT", `${path}/actions/enable-ha`)).status).toBe(409);
  });

  test("of a cluster that is still created is 400", async () => {
    const { simulator, path } = await withReplica({ state: "creating" });
    expect((await call(simulator, "POST", `${path}/upgrade`, { storage: 200 })).status).toBe(400);
  });

  test("that is scheduled can be cancelled, which gives the plan back", async () => {
    const { simulator, path } = await withReplica();
    const change = { plan_id: "standard-16", starting_from: inHours(2) };
    const { operations } = (await call(simulator, "POST", `${path}/upgrade`, change)).body;
    expect(operations).toMatchObject([{ state: "scheduled" }]);
    const cancelled = await call(simulator, "DELETE", `${path}/upgrade`);
    expect([cancelled.status, cancelled.body.operations]).toEqual([200, []]);
    expect((await call(simulator, "GET", path)).body.plan_id).toBe("standard-8");
  });

  test("that runs can't be cancelled", async () => {
    const { simulator, path } = await withReplica();
    await call(simulator, "POST", `${path}/upgrade`, { storage: 200 });
    expect((await call(simulator, "DELETE", `${path}/upgrade`)).status).toBe(409);
  });

  test("never takes back what autoresize gave meanwhile", async () => {
    const { simulator, replica, path } = await withReplica();
    await call(simulator, "POST", `${path}/upgrade`, { storage: 110 });
    simulator.autoresize(replica.id, 150);
    simulator.clock.advance(121_000);
    expect(simulator.clusters.get(replica.id)?.storage).toBe(150);
  });
});

describe("HA", () => {
  test.each([
    ["enable-ha", true],
    ["disable-ha", false],
  ])("%s is an operation that shows when it ends", async (action, enabled) => {
    const { simulator, path } = await withReplica({ is_ha: !enabled });
    const answer = await call(simulator, "PUT", `${path}/actions/${action}`);
    expect([answer.status, answer.body.is_ha]).toEqual([200, !enabled]);
    const pending = (await call(simulator, "GET", `${path}/upgrade`)).body.operations;
    expect(pending).toMatchObject([{ flavor: "ha_change" }]);
    simulator.clock.advance(121_000);
    expect((await call(simulator, "GET", path)).body.is_ha).toBe(enabled);
  });

  test("asked again while it changes, or once it has, is a no-op", async () => {
    const { simulator, path } = await withReplica();
    const counts = [];
    for (const seconds of [0, 1, 120]) {
      simulator.clock.advance(seconds * 1000);
      await call(simulator, "PUT", `${path}/actions/enable-ha`);
      counts.push((await call(simulator, "GET", `${path}/upgrade`)).body.operations.length);
    }
    expect(counts).toEqual([1, 1, 0]);
  });

  test("the opposite change while one runs is 409", async () => {
    const { simulator, path } = await withReplica();
    await call(simulator, "PUT", `${path}/actions/enable-ha`);
    expect((await call(simulator, "PUT", `${path}/actions/disable-ha`)).status).toBe(409);
  });
});

describe("detaching", () => {
  test("takes effect later, keeps the name, and leaves the parent without the replica", async () => {
    const { simulator, primary, path } = await withReplica();
    const answer = await call(simulator, "PUT", `${path}/actions/detach`);
    expect([answer.status, answer.body.parent_id]).toEqual([200, primary.id]);
    simulator.clock.advance(61_000);
    expect((await call(simulator, "GET", path)).body).toMatchObject({
      parent_id: null,
      name: "orders-read",
    });
    expect((await call(simulator, "GET", `/clusters/${primary.id}`)).body.replicas).toBeNull();
  });

  test("again while it is pending doesn't put it off; afterwards it is an error", async () => {
    const { simulator, path } = await withReplica();
    const statuses = [];
    for (const seconds of [0, 59, 1]) {
      simulator.clock.advance(seconds * 1000);
      statuses.push((await call(simulator, "PUT", `${path}/actions/detach`)).status);
    }
    expect(statuses).toEqual([200, 200, 400]);
  });

  test("a cluster that is no replica is 400", async () => {
    const { simulator, primary } = await withReplica();
    const path = `/clusters/${primary.id}/actions/detach`;
    expect((await call(simulator, "PUT", path)).status).toBe(400);
  });

  test("outside the API shows at once", async () => {
    const { simulator, replica, path } = await withReplica();
    simulator.detachOutOfBand(replica.id);
    expect((await call(simulator, "GET", path)).body.parent_id).toBeNull();
  });
});

describe("destruction", () => {
  test("lasts a while, during which a repeat is fine; then it is 410", async () => {
    const { simulator, path } = await withReplica();
    const first = await call(simulator, "DELETE", path);
    const again = await call(simulator, "DELETE", path);
    const { state } = (await call(simulator, "GET", `${path}/status`)).body;
    expect([first.status, again.status, state]).toEqual([200, 200, "destroying"]);
    simulator.clock.advance(31_000);
    const statuses = [];
    for (const method of ["GET", "DELETE", "PATCH"]) {
      statuses.push((await call(simulator, method, path)).status);
    }
    expect(statuses).toEqual([410, 410, 410]);
  });

  test("holds the name until it is over", async () => {
    const { simulator, primary, path } = await withReplica();
    await call(simulator, "DELETE", path);
    const statuses = [];
    for (const seconds of [0, 31]) {
      simulator.clock.advance(seconds * 1000);
      const create = `/clusters/${primary.id}/replicas`;
      statuses.push((await call(simulator, "POST", create, { name: "orders-read" })).status);
    }
    expect(statuses).toEqual([409, 201]);
  });

  test("is refused while the cluster is protected", async () => {
    const { simulator, path } = await withReplica({ is_protected: true });
    expect((await call(simulator, "DELETE", path)).status).toBe(400);
    await call(simulator, "PATCH", path, { is_protected: false });
    expect((await call(simulator, "DELETE", path)).status).toBe(200);
  });

  test("is refused while the cluster has replicas", async () => {
    const { simulator, primary } = await withReplica();
    expect((await call(simulator, "DELETE", `/clusters/${primary.id}`)).status).toBe(400);
  });

  test("works in its deprecated form, under the right parent", async () => {
    const { simulator, primary, replica } = await withReplica();
    const statuses = [];
    for (const parent of [newEid(), primary.id]) {
      const path = `/clusters/${parent}/replicas/${replica.id}`;
      statuses.push((await call(simulator, "DELETE", path)).status);
    }
    expect(statuses).toEqual([404, 200]);
  });

  test("outside the API is over at once", async () => {
    const { simulator, replica, path } = await withReplica();
    simulator.destroyOutOfBand(replica.id);
    expect((await call(simulator, "GET", path)).status).toBe(410);
  });
});

describe("refusals", () => {
  test.each([
    ["GET", false, 404],
    ["GET", true, 403],
    ["DELETE", true, 404],
  ])("an unknown cluster: %s, forbidden %s, is %i", async (method, forbidden, status) => {
    const { simulator } = await withReplica();
    simulator.unknownIsForbidden = forbidden;
    expect((await call(simulator, method, `/clusters/${newEid()}`)).status).toBe(status);
  });

  test("a path that is not an ID is 400", async () => {
    const { simulator } = await withReplica();
    expect((await call(simulator, "GET", "/clusters/orders")).status).toBe(400);
  });

  test.each([
    ["a wrong key", "Bearer cbkey_wrong", 0],
    ["another scheme", "Token x", 1],
  ])("%s is 401 with message and request_id", async (_what, authorization, unexpected) => {
    const { simulator, path } = await withReplica();
    const answer = await call(simulator, "PATCH", path, {}, authorization);
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      message: expect.any(String),
      request_id: answer.headers.get("x-request-id"),
    });
    expect(simulator.unexpected.splice(0)).toHaveLength(unexpected);
  });

  test("over the rate it is 429 with Retry-After in seconds", async () => {
    const { simulator, path } = await withReplica();
    simulator.requestsPerMinute = 1;
    await call(simulator, "GET", `${path}/status`);
    const answer = await call(simulator, "GET", `${path}/status`);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "60"]);
  });

  test("a trailing slash is 404", async () => {
    const { simulator, path } = await withReplica();
    expect((await call(simulator, "PUT", `${path}/actions/detach/`)).status).toBe(404);
    expect(simulator.unexpected.splice(0)).toHaveLength(1);
  });

  test("an ordered failure has a request ID as well", async () => {
    const { simulator, path } = await withReplica();
    simulator.order({ kind: { type: "status", status: 500, body: { message: "boom" } } });
    const { headers, body } = await call(simulator, "PUT", `${path}/actions/detach`);
    const request_id = headers.get("x-request-id");
    expect(body).toEqual({ message: "boom", request_id });
  });
});

test("providers are listed to anyone, with plans, regions and prices", async () => {
  const { simulator } = await withReplica();
  const answer = await fetch(`${simulator.url}/providers`);
  expect(await answer.json()).toMatchObject({
    providers: expect.arrayContaining([
      expect.objectContaining({
        id: "aws",
        disk: { rate: 10 },
        plans: expect.arrayContaining([
          expect.objectContaining({ id: "hobby-2", memory: 2, rate: 3500 }),
        ]),
        regions: expect.arrayContaining([
          expect.objectContaining({ id: "eu-central-1", multiplier: 1.15 }),
        ]),
      }),
    ]),
  });
});

function inHours(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}
