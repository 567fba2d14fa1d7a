import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CrunchyBridgeApi, findByName } from "../../provider/crunchybridge/api.ts";
import { crunchyBridge } from "../../provider/crunchybridge/index.ts";
import { Forbidden, NotFound, Refused } from "../../provider/http/errors.ts";
import { createSession } from "../../provider/resource/session.ts";
import { newEid, toUuid } from "../../simulators/crunchybridge.ts";
import { httpFailureOf, world } from "./world.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function withReplica() {
  const made = await world();
  const { simulator, primary } = made;
  const replica = simulator.addCluster({ name: "orders-read", parent_id: primary.id });
  return { ...made, replica };
}

describe("the endpoints", () => {
  test("create a replica", async () => {
    const { api, primary, simulator, options, sent } = await world();
    const wanted = { name: "orders-read", plan_id: "standard-16" };
    const made = await api.createReplica(primary.id, wanted, randomUUID(), options);
    expect(made).toMatchObject({ ...wanted, parent_id: primary.id, storage: 100, is_ha: false });
    expect(simulator.requests[0]).toMatchObject({ body: wanted, status: 201 });
    expect(sent()).toEqual(["POST /clusters/orders-primary/replicas"]);
  });

  test("read a cluster, by EID or UUID", async () => {
    const { api, replica, options } = await withReplica();
    const byEid = await api.read(replica.id, options);
    expect(byEid).toMatchObject({ id: replica.id, name: "orders-read" });
    expect(await api.read(toUuid(replica.id), options)).toEqual(byEid);
  });

  test("read a cluster's status, and its pending operations where it seems at rest", async () => {
    const { api, replica, options, sent } = await withReplica();
    const status = await api.status(replica.id, options);
    expect(status).toEqual({ state: "ready", operations: [] });
    expect(sent()).toEqual([
      "GET /clusters/orders-read/status",
      "GET /clusters/orders-read/upgrade",
    ]);
  });

  test("list clusters with their replicas, of one team", async () => {
    const { api, primary, replica, simulator, options } = await withReplica();
    simulator.addCluster({ name: "elsewhere", team_id: newEid() });
    const clusters = await api.list(options, primary.team_id);
    expect(clusters).toMatchObject([{ id: primary.id, replicas: [{ id: replica.id }] }]);
  });

  test("patch a cluster", async () => {
    const { api, replica, simulator, options, sent } = await withReplica();
    const patch = { name: "orders", environment: "production", maintenance_window_start: 3 };
    const seen = await api.patch(replica.id, patch, options);
    expect(seen).toMatchObject(patch);
    expect(simulator.requests[0]).toMatchObject({ body: patch });
    expect(sent()).toEqual(["PATCH /clusters/orders"]);
  });

  test("upgrade a cluster", async () => {
    const { api, replica, simulator, options } = await withReplica();
    const upgrade = { plan_id: "standard-16", storage: 200 };
    await api.upgrade(replica.id, upgrade, options);
    expect(simulator.requests[0]).toMatchObject({ method: "POST", body: upgrade, status: 201 });
    expect(await api.operations(replica.id, options)).toMatchObject([{ flavor: "resize" }]);
  });

  test("enable and disable high availability", async () => {
    const { api, replica, simulator, options, sent } = await withReplica();
    await api.setHa(replica.id, true, options);
    simulator.clock.advance(121_000);
    expect((await api.read(replica.id, options))?.is_ha).toBe(true);
    await api.setHa(replica.id, false, options);
    simulator.clock.advance(121_000);
    expect((await api.read(replica.id, options))?.is_ha).toBe(false);
    expect(sent().filter((line) => line.startsWith("PUT"))).toEqual([
      "PUT /clusters/orders-read/actions/enable-ha",
      "PUT /clusters/orders-read/actions/disable-ha",
    ]);
  });

  test("detach a replica, and repeat it while that is pending", async () => {
    const { api, replica, simulator, options } = await withReplica();
    await api.detach(replica.id, options);
    await api.detach(replica.id, options);
    expect((await api.read(replica.id, options))?.parent_id).not.toBeNull();
    simulator.clock.advance(61_000);
    expect((await api.read(replica.id, options))?.parent_id).toBeNull();
    expect(simulator.count("PUT", `/clusters/${replica.id}/actions/detach`)).toBe(2);
  });

  test("tell that a primary can't be detached", async () => {
    const { api, primary, options } = await world();
    const error = await httpFailureOf(api.detach(primary.id, options));
    expect(error).toBeInstanceOf(Refused);
    expect(error.message).toContain("The cluster is not a replica");
  });

  test("destroy a cluster", async () => {
    const { api, replica, simulator, options, sent } = await withReplica();
    expect(await api.destroy(replica.id, options)).toBe(false);
    expect(await api.isGone(replica.id, options)).toBe(false);
    expect(sent()).toEqual(["DELETE /clusters/orders-read", "GET /clusters/orders-read"]);
    simulator.clock.advance(31_000);
    expect(await api.isGone(replica.id, options)).toBe(true);
  });
});

describe("gone", () => {
  test.each(["read", "get", "status", "operations"] as const)(
    "is how %s takes 410 and the API's 404",
    async (call) => {
      const { api, replica, simulator, options } = await withReplica();
      simulator.destroyOutOfBand(replica.id);
      expect(await api[call](replica.id, options)).toBeUndefined();
      expect(await api[call](newEid(), options)).toBeUndefined();
      expect(simulator.requests.map(({ status }) => status)).toEqual([410, 404]);
    },
  );

  test("is how destroying takes 410 and the API's 404", async () => {
    const { api, replica, simulator, options } = await withReplica();
    simulator.destroyOutOfBand(replica.id);
    expect(await api.destroy(replica.id, options)).toBe(true);
    expect(await api.destroy(newEid(), options)).toBe(true);
  });

  test("is not a 403", async () => {
    const { api, simulator, options } = await world();
    simulator.unknownIsForbidden = true;
    const error = await httpFailureOf(api.read(newEid(), options));
    expect(error).toBeInstanceOf(Forbidden);
    expect(error.message).toContain("may not exist");
  });

  test("is not a 404 in HTML", async () => {
    const { api, replica, simulator, options } = await withReplica();
    simulator.order({ kind: { type: "html", status: 404 } });
    expect(await httpFailureOf(api.read(replica.id, options))).toBeInstanceOf(NotFound);
  });

  test("is told from a 403, after a destruction, by a repeated DELETE", async () => {
    const { api, simulator, options, sent } = await world();
    simulator.unknownIsForbidden = true;
    const id = newEid();
    expect(await api.isGone(id, options)).toBe(true);
    expect(sent()).toEqual([`GET /clusters/${id}`, `DELETE /clusters/${id}`]);
  });
});

describe("the state", () => {
  test("is asked for where the cluster's answer lacks it", async () => {
    const { api, replica, options, sent } = await withReplica();
    expect((await api.get(replica.id, options))?.state).toBe("ready");
    expect(sent()).toEqual(["GET /clusters/orders-read", "GET /clusters/orders-read/status"]);
  });

  test("is taken from the cluster's answer where it is there", async () => {
    const { api, replica, simulator, options, sent } = await withReplica();
    simulator.clustersHaveState = true;
    expect((await api.get(replica.id, options))?.state).toBe("ready");
    expect(sent()).toEqual(["GET /clusters/orders-read"]);
  });

  test("that is gone by then means that the cluster is gone", async () => {
    const { api, replica, simulator, options } = await withReplica();
    simulator.order({ path: /status$/, kind: { type: "status", status: 410 } });
    expect(await api.get(replica.id, options)).toBeUndefined();
  });

  test("of a cluster that is busy is one request", async () => {
    const { api, replica, simulator, options, sent } = await withReplica();
    simulator.setState(replica.id, "creating");
    await api.status(replica.id, options);
    expect(sent()).toEqual(["GET /clusters/orders-read/status"]);
  });

  test("may be one that nobody has heard of", async () => {
    const { api, replica, simulator, options } = await withReplica();
    simulator.setState(replica.id, "levitating");
    expect((await api.status(replica.id, options))?.state).toBe("levitating");
  });
});

test("memory may be a fraction of a gigabyte", async () => {
  const { api, simulator, options } = await world();
  const { id } = simulator.addCluster({ plan_id: "hobby-0" });
  expect((await api.read(id, options))?.memory).toBe(0.5);
});

describe("a list", () => {
  test("is read to its last page", async () => {
    const { api, simulator, options } = await world();
    simulator.pageSize = 2;
    for (const name of ["two", "three", "four", "five"]) simulator.addCluster({ name });
    expect(await api.list(options)).toHaveLength(5);
    const cursors = simulator.requests.map(({ query }) => query.cursor);
    expect(cursors).toEqual([undefined, expect.any(String), expect.any(String)]);
  });

  test("ends where the cursor does not move", async () => {
    const { api, simulator, options } = await world();
    const body = { clusters: [], has_more: true, next_cursor: "again" };
    simulator.order({ times: 2, kind: { type: "status", status: 200, body } });
    expect(await api.list(options)).toEqual([]);
    expect(simulator.requests).toHaveLength(2);
  });

  test("is searched for a name in the replicas of replicas", async () => {
    const { api, replica, simulator, options } = await withReplica();
    const deep = simulator.addCluster({ name: "orders-deep", parent_id: replica.id });
    expect(findByName(await api.list(options), "orders-deep")).toMatchObject({ id: deep.id });
    expect(findByName(await api.list(options), "orders-none")).toBeUndefined();
  });
});

describe("an idempotency key", () => {
  const lost = { type: "reset", apply: true } as const;

  test("is the same at each try of a creation, so one replica is made", async () => {
    const { api, primary, simulator, options } = await world();
    simulator.order({ method: "POST", kind: lost });
    await api.createReplica(primary.id, { name: "orders-read" }, randomUUID(), options);
    expect(simulator.replicasOf(primary.id)).toHaveLength(1);
    expect(new Set(keys(simulator)).size).toBe(1);
    expect(simulator.count("POST")).toBe(2);
  });

  test.each([
    ["an upgrade", "POST", (on: Fixture) => on.api.upgrade(on.replica.id, { storage: 200 }, {})],
    ["a PATCH", "PATCH", (on: Fixture) => on.api.patch(on.replica.id, { name: "orders" }, {})],
  ])("is a random UUID for each call and the same at its tries: %s", async (_, method, call) => {
    const fixture = await withReplica();
    const { simulator } = fixture;
    simulator.order({ method, kind: lost });
    await call(fixture);
    await call(fixture).catch(() => {});
    const [first, second, other] = keys(simulator);
    expect(first).toMatch(uuid);
    expect(second).toBe(first);
    expect(other).toMatch(uuid);
    expect(other).not.toBe(first);
  });
});

describe("errors", () => {
  test("bear the server's words and the request's ID, and not the key", async () => {
    const { api, simulator, replica, options } = await withReplica();
    const error = await httpFailureOf(api.patch(replica.id, { name: "no" }, options));
    expect(error).toMatchObject({
      status: 400,
      requestId: expect.stringMatching(/^[a-z2-7]{26}$/),
    });
    expect(error.message).toContain("must be 5 to 50 letters");
    expect(error.message).toContain(`request ID ${error.requestId}`);
    expect(error.message).not.toContain(simulator.token);
  });

  test("of a wrong key name the configuration key and the variable", async () => {
    const { api, simulator, primary, options } = await world();
    simulator.token = "cbkey_rotated";
    const error = await httpFailureOf(api.read(primary.id, options));
    expect(error.message).toContain("formations:crunchyBridgeApiKey");
    expect(error.message).toContain("FORMATIONS_CRUNCHY_BRIDGE_API_KEY");
  });

  test("of an upgrade while another is pending say to wait or cancel", async () => {
    const { api, replica, options } = await withReplica();
    await api.upgrade(replica.id, { storage: 200 }, options);
    const error = await httpFailureOf(api.upgrade(replica.id, { storage: 300 }, options));
    expect(error.message).toContain("wait for it or cancel it");
  });

  test.each([
    ["a web page", { type: "html" }],
    ["404 with nothing", { type: "empty", status: 404 }],
    ["a redirect", { type: "redirect", location: "https://elsewhere.example/" }],
  ] as const)("ask whether the URL is the API's where it answers with %s", async (_, kind) => {
    const { api, primary, simulator, options } = await world();
    simulator.order({ kind });
    const error = await httpFailureOf(api.read(primary.id, options));
    expect(error.message).toContain(
      "Check that formations:crunchyBridgeUrl (or FORMATIONS_CRUNCHY_BRIDGE_URL) points to the API.",
    );
  });

  test("wait out a 429 as long as it asks", async () => {
    const { api, simulator, primary, options } = await world();
    simulator.requestsPerMinute = 1;
    await api.read(primary.id, options);
    await api.read(primary.id, options);
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 429, 200]);
  });
});

describe("connecting", () => {
  const connect = (config: Record<string, string>, environment = {}) =>
    createSession((key) => config[key], environment).api(crunchyBridge);

  test("without a key says which to set", () => {
    expect(() => connect({})).toThrow(
      /API key is missing.*--secret formations:crunchyBridgeApiKey.*FORMATIONS_CRUNCHY_BRIDGE_API_KEY/,
    );
  });

  test("takes the key from the environment, and has a URL by default", () => {
    const environment = { FORMATIONS_CRUNCHY_BRIDGE_API_KEY: "cbkey_of_the_environment" };
    expect(connect({}, environment)).toBeInstanceOf(CrunchyBridgeApi);
    expect(crunchyBridge.config.parse({}).crunchyBridgeUrl).toBe("https://api.crunchybridge.com");
  });
});

type Fixture = Awaited<ReturnType<typeof withReplica>>;

function keys(simulator: Fixture["simulator"]): (string | undefined)[] {
  return simulator.requests.map(({ headers }) => headers["idempotency-key"]);
}
