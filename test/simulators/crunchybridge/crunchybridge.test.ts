import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  CrunchyBridgeSimulator,
  newEid,
  type SimCluster,
  toEid,
  toUuid,
} from "../../../simulators/crunchybridge.ts";
import { running } from "../kit/testing.ts";

const eid = /^[a-z2-7]{25}[aeimquy4]$/;

/** A simulator with one primary, from which to replicate. */
async function withPrimary(partial: Partial<SimCluster> = {}) {
  const simulator = await running(new CrunchyBridgeSimulator({ speed: 0 }));
  return { simulator, primary: simulator.addCluster({ name: "orders-primary", ...partial }) };
}

async function call(
  simulator: CrunchyBridgeSimulator,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${simulator.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${simulator.token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : text };
}

async function replicate(simulator: CrunchyBridgeSimulator, parent: string, body: object = {}) {
  return call(simulator, "POST", `/clusters/${parent}/replicas`, { name: "orders-read", ...body });
}

describe("EIDs", () => {
  test("are 26 letters of base32 with one of eight at the end", () => {
    for (let index = 0; index < 200; index += 1) expect(newEid()).toMatch(eid);
  });

  test("and UUIDs name the same 128 bits", () => {
    const uuid = "0185f4e3-7a1c-7bde-8f00-0123456789ab";
    const found = toEid(uuid) ?? "";
    expect(found).toMatch(eid);
    expect(toUuid(found)).toBe(uuid);
    expect(toEid("not-an-id")).toBeUndefined();
  });

  test("and UUIDs are both accepted in a path", async () => {
    const { simulator, primary } = await withPrimary();
    const answer = await call(simulator, "GET", `/clusters/${toUuid(primary.id)}`);
    expect(answer.body.id).toBe(primary.id);
  });
});

describe("creating a replica", () => {
  test("is 201 and inherits storage, version, plan, provider, region and network", async () => {
    const { simulator, primary } = await withPrimary({ storage: 250, plan_id: "standard-16" });
    const answer = await replicate(simulator, primary.id);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      id: expect.stringMatching(eid),
      name: "orders-read",
      parent_id: primary.id,
      storage: 250,
      plan_id: "standard-16",
      memory: 16,
      provider_id: "aws",
      region_id: "us-east-1",
      network_id: primary.network_id,
      major_version: 16,
      team_id: primary.team_id,
      is_ha: false,
      host: "",
    });
  });

  test("goes over finalizing to ready, which only the status says", async () => {
    const { simulator, primary } = await withPrimary();
    const { id } = (await replicate(simulator, primary.id)).body;
    const states = [];
    for (const seconds of [0, 151, 150]) {
      simulator.clock.advance(seconds * 1000);
      states.push((await call(simulator, "GET", `/clusters/${id}/status`)).body.state);
    }
    expect(states).toEqual(["creating", "finalizing", "ready"]);
    const { body } = await call(simulator, "GET", `/clusters/${id}`);
    expect(body.host).toBe(`p.${id}.crunchybridge.com`);
    expect(body).not.toHaveProperty("state");
  });

  test("it gets the ID that the world has for its name", async () => {
    const { simulator, primary } = await withPrimary();
    const given = newEid();
    simulator.idOf = (name) => (name === "orders-read" ? given : newEid());

    const { body } = await replicate(simulator, primary.id);
    expect(body.id).toBe(given);
    expect(simulator.clusters.get(given)?.name).toBe("orders-read");
  });

  test("a failure to order ends as creation_failed, for the next replica only", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.failCreation = true;
    const failed = (await replicate(simulator, primary.id)).body;
    const fine = (await replicate(simulator, primary.id, { name: "orders-other" })).body;
    simulator.clock.advance(301_000);
    const states = [failed, fine].map(({ id }) => simulator.clusters.get(id)?.state);
    expect(states).toEqual(["creation_failed", "ready"]);
  });

  test("in another region it gets a network of its own", async () => {
    const { simulator, primary } = await withPrimary();
    const { body } = await replicate(simulator, primary.id, { region_id: "us-west-2" });
    expect(body.region_id).toBe("us-west-2");
    expect(simulator.networks.get(body.network_id)).toMatchObject({ region_id: "us-west-2" });
  });

  test("a network decides provider and region", async () => {
    const { simulator, primary } = await withPrimary();
    const network = simulator.addNetwork({ provider_id: "azure", region_id: "eastus" });
    const { body } = await replicate(simulator, primary.id, { network_id: network.id });
    expect(body).toMatchObject({ provider_id: "azure", region_id: "eastus" });
  });

  test.each([
    [{}, 400],
    [{ region_id: "europe-west1" }, 201],
  ])("a network at gcp demands a region: %o is %i", async (change, status) => {
    const { simulator, primary } = await withPrimary();
    const { id } = simulator.addNetwork({ provider_id: "gcp", region_id: "us-central1" });
    const answer = await replicate(simulator, primary.id, { network_id: id, ...change });
    expect(answer.status).toBe(status);
  });

  test("a replica may itself have replicas", async () => {
    const { simulator, primary } = await withPrimary();
    const middle = simulator.addCluster({ name: "middle", parent_id: primary.id });
    expect((await replicate(simulator, middle.id)).body.parent_id).toBe(middle.id);
  });

  const network_id = newEid();
  test.each<[string, object, RegExp]>([
    ["a name of four", { name: "abcd" }, /^name: /],
    ["a name of 51", { name: "a".repeat(51) }, /^name: /],
    ["a name that starts with a digit", { name: "1orders" }, /^name: /],
    ["a name with a dot", { name: "orders.read" }, /^name: /],
    ["no name", { name: undefined }, /^name: /],
    ["an unknown plan", { plan_id: "huge-1" }, /^plan_id: /],
    ["an unknown region", { region_id: "us-moon-1" }, /^region_id: /],
    ["an unknown network", { network_id }, /^network_id: no such network/],
    ["a malformed network", { network_id: "net" }, /^network_id: must be an EID/],
    ["network with provider", { network_id, provider_id: "aws" }, /can't both be set/],
    ["provider without plan", { provider_id: "aws", region_id: "us-west-2" }, /demands plan_id/],
    ["provider without region", { provider_id: "aws", plan_id: "standard-8" }, /demands plan_id/],
  ])("refuses %s with message and request_id", async (_what, change, message) => {
    const { simulator, primary } = await withPrimary();
    const answer = await replicate(simulator, primary.id, change);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(message);
    expect(answer.body.request_id).toBe(answer.headers.get("x-request-id"));
  });

  test("refuses a network with a region", async () => {
    const { simulator, primary } = await withPrimary();
    const change = { network_id: primary.network_id, region_id: "us-east-1" };
    expect((await replicate(simulator, primary.id, change)).status).toBe(400);
  });

  test.each(["storage", "is_ha", "postgres_version_id"])("refuses %s", async (key) => {
    const { simulator, primary } = await withPrimary();
    expect((await replicate(simulator, primary.id, { [key]: 1 })).status).toBe(400);
    expect(simulator.unexpected.splice(0)).toHaveLength(1);
  });

  test("a name that the team has is 409", async () => {
    const { simulator, primary } = await withPrimary();
    const answer = await replicate(simulator, primary.id, { name: "orders-primary" });
    expect([answer.status, answer.body.message]).toEqual([409, "The name is taken in this team."]);
  });

  test("a parent that is still created is 400", async () => {
    const { simulator, primary } = await withPrimary({ state: "creating" });
    expect((await replicate(simulator, primary.id)).status).toBe(400);
  });
});

describe("the cluster object", () => {
  test("nests replicas recursively, there without parent and host", async () => {
    const { simulator, primary } = await withPrimary();
    const middle = simulator.addCluster({ parent_id: primary.id });
    const leaf = simulator.addCluster({ parent_id: middle.id });
    const { body } = await call(simulator, "GET", `/clusters/${primary.id}`);
    expect(body.parent_id).toBeNull();
    expect(body.replicas).toMatchObject([
      {
        id: middle.id,
        parent_id: null,
        host: "",
        replicas: [{ id: leaf.id, parent_id: null, replicas: null }],
      },
    ]);
  });

  test("nests replicas with all that they show themselves, where told so", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.nestedForm = "rich";
    const { id, host } = simulator.addCluster({ parent_id: primary.id });
    const { body } = await call(simulator, "GET", `/clusters/${primary.id}`);
    expect(body.replicas).toMatchObject([{ id, host, parent_id: primary.id, state: "ready" }]);
    expect(body).not.toHaveProperty("state");
  });

  test("nests replicas with a few fields, as an earlier page had them, where told so", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.nestedForm = "poor";
    const middle = simulator.addCluster({ parent_id: primary.id });
    simulator.addCluster({ parent_id: middle.id });
    const { body } = await call(simulator, "GET", `/clusters/${primary.id}`);
    const keys = [
      ...["id", "team_id", "provider_id", "region_id", "created_at", "updated_at", "name"],
      ...["major_version", "storage", "cpu", "memory", "is_ha", "replicas"],
    ];
    expect(Object.keys(body.replicas[0])).toEqual(keys);
    expect(Object.keys(body.replicas[0].replicas[0])).toEqual(keys);
  });

  test("says its parent in its own answer", async () => {
    const { simulator, primary } = await withPrimary();
    const { id } = simulator.addCluster({ parent_id: primary.id });
    expect((await call(simulator, "GET", `/clusters/${id}`)).body.parent_id).toBe(primary.id);
  });

  test("has a state where told so", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.clustersHaveState = true;
    expect((await call(simulator, "GET", `/clusters/${primary.id}`)).body.state).toBe("ready");
  });

  test("storage grows on its own", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.autoresize(primary.id, 130);
    expect((await call(simulator, "GET", `/clusters/${primary.id}`)).body.storage).toBe(130);
  });
});

describe("lists", () => {
  test("have primaries only, page by page, until there is no more", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.addCluster({ parent_id: primary.id });
    const ids = [primary, simulator.addCluster(), simulator.addCluster()].map(({ id }) => id);
    simulator.pageSize = 2;
    const first = (await call(simulator, "GET", "/clusters?limit=100")).body;
    const next = `/clusters?cursor=${first.next_cursor}`;
    const second = (await call(simulator, "GET", next)).body;
    expect([first.has_more, second.has_more, second.next_cursor]).toEqual([true, false, null]);
    const found = [...first.clusters, ...second.clusters].map(({ id }) => id);
    expect(found).toEqual(ids.sort());
  });

  test("are ordered and cut as asked", async () => {
    const { simulator } = await withPrimary();
    simulator.addCluster({ name: "zebra" });
    const query = "order_field=name&order=desc&limit=1";
    const { clusters } = (await call(simulator, "GET", `/clusters?${query}`)).body;
    expect(clusters).toMatchObject([{ name: "zebra" }]);
  });

  test("are of the team asked", async () => {
    const { simulator } = await withPrimary();
    const { team_id, id } = simulator.addCluster({ team_id: newEid() });
    const { clusters } = (await call(simulator, "GET", `/clusters?team_id=${team_id}`)).body;
    expect(clusters).toMatchObject([{ id }]);
  });

  test("are of the personal team where none is asked", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.addCluster({ team_id: newEid() });
    const { clusters } = (await call(simulator, "GET", "/clusters")).body;
    expect(clusters).toMatchObject([{ id: primary.id }]);
  });

  test("of a team that is closed to the key are refused, those of an unknown one not found", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.closedTeams.add(primary.team_id);
    const statuses = [primary.team_id, newEid(), "team"].map(
      async (id) => (await call(simulator, "GET", `/clusters?team_id=${id}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([403, 404, 400]);
  });

  test.each(["limit=0", "limit=x", "order=up", "cursor=%21", "order_field=plan"])(
    "refuse %s",
    async (query) => {
      const { simulator } = await withPrimary();
      expect((await call(simulator, "GET", `/clusters?${query}`)).status).toBe(400);
    },
  );
});

describe("teams", () => {
  test("are the personal one and those of added clusters, on one page", async () => {
    const { simulator, primary } = await withPrimary();
    const { team_id } = simulator.addCluster({ team_id: newEid() });
    const { body } = await call(simulator, "GET", "/teams");
    expect(body).toEqual({
      teams: [
        expect.objectContaining({ id: primary.team_id, is_personal: true }),
        expect.objectContaining({ id: team_id, is_personal: false }),
      ],
    });
  });

  test("have pages where told so", async () => {
    const { simulator, primary } = await withPrimary();
    const { id } = simulator.addTeam();
    simulator.teamsPageSize = 1;
    const first = (await call(simulator, "GET", "/teams")).body;
    const next = `/teams?cursor=${first.next_cursor}`;
    const second = (await call(simulator, "GET", next)).body;
    const shown = [...first.teams, ...second.teams].map((team) => team.id);
    expect(shown).toEqual([primary.team_id, id]);
    expect([first.has_more, second.has_more, second.next_cursor]).toEqual([true, false, null]);
  });

  test("are refused where the key may not list them", async () => {
    const { simulator } = await withPrimary();
    simulator.mayListTeams = false;
    expect((await call(simulator, "GET", "/teams")).status).toBe(403);
  });
});

describe("PATCH", () => {
  test("changes name, environment, protection and window", async () => {
    const { simulator, primary } = await withPrimary();
    const change = {
      name: "orders/main's",
      environment: "production",
      is_protected: true,
      maintenance_window_start: 0,
    };
    const { body } = await call(simulator, "PATCH", `/clusters/${primary.id}`, change);
    expect(body).toMatchObject(change);
  });

  test("clears the environment by an empty one, the window by -1", async () => {
    const { simulator, primary } = await withPrimary({
      environment: "production",
      maintenance_window_start: 4,
    });
    const change = { environment: "", maintenance_window_start: -1 };
    const { body } = await call(simulator, "PATCH", `/clusters/${primary.id}`, change);
    expect(body).toMatchObject({ environment: null, maintenance_window_start: null });
  });

  test("may repeat the cluster's own name", async () => {
    const { simulator, primary } = await withPrimary();
    const change = { name: primary.name };
    expect((await call(simulator, "PATCH", `/clusters/${primary.id}`, change)).status).toBe(200);
  });

  test.each<[object, number, number]>([
    [{ plan_id: "standard-16" }, 400, 1],
    [{ storage: 200 }, 400, 1],
    [{ is_ha: true }, 400, 1],
    [{ environment: "staging" }, 400, 0],
    [{ maintenance_window_start: 24 }, 400, 0],
    [{ name: "taken-name" }, 409, 0],
  ])("refuses %o with %i", async (change, status, unexpected) => {
    const { simulator, primary } = await withPrimary();
    simulator.addCluster({ name: "taken-name" });
    const answer = await call(simulator, "PATCH", `/clusters/${primary.id}`, change);
    expect(answer.status).toBe(status);
    expect(simulator.unexpected.splice(0)).toHaveLength(unexpected);
  });
});

describe("the idempotency key", () => {
  const key = randomUUID();
  const post = (simulator: CrunchyBridgeSimulator, id: string, change: object = {}) =>
    call(
      simulator,
      "POST",
      `/clusters/${id}/replicas`,
      { name: "orders-read", ...change },
      { "idempotency-key": key },
    );

  test("with the same request replays the answer and creates nothing", async () => {
    const { simulator, primary } = await withPrimary();
    const answers = [await post(simulator, primary.id), await post(simulator, primary.id)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(simulator.clusters.size).toBe(2);
  });

  test("with a changed request is 409", async () => {
    const { simulator, primary } = await withPrimary();
    await post(simulator, primary.id);
    const answer = await post(simulator, primary.id, { plan_id: "standard-16" });
    expect([answer.status, answer.body.message]).toEqual([409, expect.stringMatching(/different/)]);
  });

  test("while the first is in flight is 409", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.latency = 1_000_000;
    const first = post(simulator, primary.id);
    await expect.poll(() => simulator.clusters.size, { interval: 1 }).toBe(2);
    const second = await post(simulator, primary.id);
    await Promise.all([expect(first).rejects.toThrow("fetch failed"), simulator.close()]);
    expect([second.status, second.body.message]).toEqual([409, expect.stringMatching(/in flight/)]);
  });

  test("finds the answer that the client lost", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.order({ kind: { type: "reset", apply: true } });
    await expect(post(simulator, primary.id)).rejects.toThrow("fetch failed");
    expect((await post(simulator, primary.id)).status).toBe(201);
    expect(simulator.clusters.size).toBe(2);
  });

  test("replays a stored failure, even once it would succeed", async () => {
    const { simulator, primary } = await withPrimary();
    const other = simulator.addCluster({ name: "orders-read" });
    const first = (await post(simulator, primary.id)).status;
    simulator.destroyOutOfBand(other.id);
    expect([first, (await post(simulator, primary.id)).status]).toEqual([409, 409]);
  });

  test("doesn't keep a 429", async () => {
    const { simulator, primary } = await withPrimary();
    simulator.requestsPerMinute = 0;
    const first = (await post(simulator, primary.id)).status;
    simulator.requestsPerMinute = 1;
    expect([first, (await post(simulator, primary.id)).status]).toEqual([429, 201]);
  });

  test("is forgotten after an hour", async () => {
    const { simulator, primary } = await withPrimary();
    await post(simulator, primary.id);
    simulator.clock.advance(3_600_000);
    expect((await post(simulator, primary.id)).body.message).toBe(
      "The name is taken in this team.",
    );
  });

  test("must be a UUID", async () => {
    const { simulator, primary } = await withPrimary();
    const path = `/clusters/${primary.id}`;
    const answer = await call(simulator, "PATCH", path, {}, { "idempotency-key": "1" });
    expect(answer.status).toBe(400);
    expect(simulator.unexpected.splice(0)).toHaveLength(1);
  });
});
