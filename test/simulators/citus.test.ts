import { describe, expect, test } from "vitest";
import { CitusSimulator } from "../../simulators/citus.ts";
import { running } from "./kit/testing.ts";

const tune = {
  coordinator_tune: "t2.small",
  worker_tune: "t2.small",
  worker_count: "2",
  coordinator_disk_size: "100",
  worker_disk_size: "100",
};
const body = { name: "orders", region: "us-east-1", tune_attributes: tune };

/** A simulator without the limit of five per minute. */
async function unlimited(): Promise<CitusSimulator> {
  return running(new CitusSimulator({ requestsPerMinute: Number.POSITIVE_INFINITY, speed: 0 }));
}

async function call(
  simulator: CitusSimulator,
  method: string,
  path: string,
  sent?: unknown,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${simulator.url}${path}`, {
    method,
    headers: {
      authorization: `Token ${simulator.token}`,
      ...(sent === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: sent === undefined ? undefined : JSON.stringify(sent),
  });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type") === "application/json";
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

function post(simulator: CitusSimulator, change: object = {}, tuneChange: object = {}) {
  return call(simulator, "POST", "/formations/", {
    ...body,
    tune_attributes: { ...tune, ...tuneChange },
    ...change,
  });
}

describe("creation", () => {
  test("answers the ID only", async () => {
    const simulator = await unlimited();
    const answer = await post(simulator);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ id: expect.stringMatching(/^[0-9a-f]{27}$/) });
  });

  test.each([
    ["strings", "2", "100"],
    ["numbers", 2, 100],
  ])("takes %s; answers the count as a number, disks as strings", async (_kind, count, disk) => {
    const simulator = await unlimited();
    const { id } = (
      await post(
        simulator,
        {},
        { worker_count: count, worker_disk_size: disk, coordinator_disk_size: disk },
      )
    ).body;
    const { tune_attributes } = (await call(simulator, "GET", `/formations/${id}`)).body;
    expect(tune_attributes).toEqual({
      ...tune,
      worker_count: 2,
      is_mx: false,
      is_zfs: false,
      worker_ha: false,
      coordinator_ha: false,
    });
  });

  test("a name may be taken twice", async () => {
    const simulator = await unlimited();
    await post(simulator);
    expect((await post(simulator)).status).toBe(201);
    expect(simulator.formations.size).toBe(2);
  });

  test.each<[string, object, object, RegExp]>([
    ["an empty name", { name: "" }, {}, /^name: /],
    ["an unknown region", { region: "us-moon-1" }, {}, /^region: /],
    ["an unknown tune", {}, { worker_tune: "r9.large" }, /^tune_attributes.worker_tune: /],
    ["a disk between sizes", {}, { worker_disk_size: "200" }, /worker_disk_size: /],
    ["41 workers", {}, { worker_count: "41" }, /worker_count: /],
    ["half a worker", {}, { worker_count: 1.5 }, /worker_count: /],
    ["a count that is no number", {}, { worker_count: "two" }, /worker_count: /],
    ["HA as a string", {}, { worker_ha: "true" }, /worker_ha: /],
    ["a missing disk", {}, { coordinator_disk_size: undefined }, /coordinator_disk_size: /],
    ["unequal t2 tunes", {}, { worker_tune: "t2.medium" }, /must be the same/],
    ["t2 beside another series", {}, { worker_tune: "r5.large" }, /must be the same/],
    ["t2 with a larger disk", {}, { worker_disk_size: 512 }, /must be 100/],
  ])("refuses %s with a message", async (_what, change, tuneChange, message) => {
    const simulator = await unlimited();
    const answer = await post(simulator, change, tuneChange);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(message);
    expect(simulator.formations.size).toBe(0);
  });

  test.each([
    ["is no JSON", { "content-type": "application/json" }, "{", 400, 0],
    ["is sent as another type", { "content-type": "text/plain" }, JSON.stringify(body), 415, 1],
  ])("refuses a body that %s", async (_what, headers, sent, status, unexpected) => {
    const simulator = await unlimited();
    const answer = await fetch(`${simulator.url}/formations/`, {
      method: "POST",
      headers: { authorization: `Token ${simulator.token}`, ...headers },
      body: sent,
    });
    expect(answer.status).toBe(status);
    expect(simulator.unexpected.splice(0)).toHaveLength(unexpected);
  });

  test("ignores a key that the page doesn't have, and notes it", async () => {
    const simulator = await unlimited();
    expect((await post(simulator, { owner: "x" }, { is_mx: true })).status).toBe(201);
    expect(simulator.unexpected.splice(0)).toEqual([
      "POST /api/v1/formations/: unknown keys owner, is_mx",
    ]);
  });
});

describe("states", () => {
  test("go from creating over converging to steady while provisioning", async () => {
    const simulator = await unlimited();
    const { id } = (await post(simulator)).body;
    const states = [];
    for (const seconds of [0, 151, 150]) {
      simulator.clock.advance(seconds * 1000);
      states.push((await call(simulator, "GET", `/formations/${id}`)).body.state);
    }
    expect(states).toEqual(["creating", "converging", "steady"]);
  });

  test("take as long as each of them is told to", async () => {
    const simulator = await unlimited();
    simulator.provisioningSecondsOf = ({ name }) => (name === "slow" ? 600 : 100);
    const ids = [];
    for (const name of ["slow", "quick"]) ids.push((await post(simulator, { name })).body.id);
    simulator.clock.advance(101_000);
    expect(ids.map((id) => simulator.formations.get(id)?.state)).toEqual(["creating", "steady"]);
  });

  test("end in ready where told so", async () => {
    const simulator = await unlimited();
    simulator.restingState = "ready";
    const { id } = (await post(simulator)).body;
    simulator.clock.advance(301_000);
    expect(simulator.formations.get(id)?.state).toBe("ready");
  });

  test("database_url is a URL with a password once there is a database", async () => {
    const simulator = await unlimited();
    const { id } = (await post(simulator)).body;
    const before = (await call(simulator, "GET", `/formations/${id}`)).body.database_url;
    simulator.clock.advance(301_000);
    const after = (await call(simulator, "GET", `/formations/${id}`)).body.database_url;
    expect(before).toBeNull();
    expect(new URL(after).password).toMatch(/^[0-9a-f]{24}$/);
  });

  test("a state that a test sets stays", async () => {
    const simulator = await unlimited();
    const { id } = (await post(simulator)).body;
    simulator.setState(id, "hibernating");
    simulator.clock.advance(1_000_000);
    expect((await call(simulator, "GET", `/formations/${id}`)).body.state).toBe("hibernating");
  });
});

describe("the list", () => {
  test("has neither state nor tune", async () => {
    const simulator = await unlimited();
    const { id } = (await post(simulator)).body;
    const { formations } = (await call(simulator, "GET", "/formations/")).body;
    const created_at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(formations).toEqual([{ id, name: "orders", region: "us-east-1", created_at }]);
  });

  test.each([true, false])("shows archived formations: %s, as told", async (listsArchived) => {
    const simulator = await unlimited();
    simulator.listsArchived = listsArchived;
    const { id } = simulator.addFormation();
    simulator.archive(id);
    const { formations } = (await call(simulator, "GET", "/formations/")).body;
    expect(formations).toHaveLength(listsArchived ? 1 : 0);
  });
});

describe("destruction", () => {
  test("succeeds, goes over archiving to archived, and frees nothing of the world", async () => {
    const simulator = await unlimited();
    const { id } = simulator.addFormation();
    const path = `/formations/${id}`;
    expect((await call(simulator, "DELETE", path)).body).toEqual({ success: true });
    const first = (await call(simulator, "GET", path)).body.state;
    simulator.clock.advance(61_000);
    const second = (await call(simulator, "GET", path)).body;
    expect([first, second.state, second.database_url]).toEqual(["archiving", "archived", null]);
  });

  test("again, while it lasts, succeeds; once archived it is 404", async () => {
    const simulator = await unlimited();
    const { id } = simulator.addFormation();
    const statuses = [];
    for (const seconds of [0, 1, 60]) {
      simulator.clock.advance(seconds * 1000);
      statuses.push((await call(simulator, "DELETE", `/formations/${id}`)).status);
    }
    expect(statuses).toEqual([200, 200, 404]);
  });

  test("an archived formation is 404 where told so", async () => {
    const simulator = await unlimited();
    simulator.answersArchived = false;
    const { id } = simulator.addFormation();
    simulator.archive(id);
    const answer = await call(simulator, "GET", `/formations/${id}`);
    expect([answer.status, answer.body]).toEqual([404, { message: "Formation not found." }]);
  });
});

describe("routes", () => {
  test.each([
    ["GET", "/formations"],
    ["POST", "/formations"],
    ["GET", "/formations/abc/"],
    ["DELETE", "/formations/abc/"],
  ])("%s %s is a 404 page: the collection alone ends in a slash", async (method, path) => {
    const simulator = await unlimited();
    const answer = await call(simulator, method, path);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "text/html"]);
    expect(simulator.unexpected.splice(0)).toHaveLength(1);
  });

  test.each(["PATCH", "PUT"])("there is no update: %s is 405", async (method) => {
    const simulator = await unlimited();
    const { id } = simulator.addFormation();
    expect((await call(simulator, method, `/formations/${id}`, {})).status).toBe(405);
    expect(simulator.unexpected.splice(0)).toHaveLength(1);
  });

  test("an unknown formation is a 404 in JSON", async () => {
    const simulator = await unlimited();
    const answer = await call(simulator, "GET", "/formations/abc");
    expect([answer.status, answer.body]).toEqual([404, { message: "Formation not found." }]);
  });
});

describe("the token", () => {
  test.each([
    ["a wrong token", "Token wrong", 0],
    ["another scheme", "Bearer citus-token-7f3a91c2d4e85b60", 1],
    ["none", "", 1],
  ])("%s is 401, and only what no client sends is unexpected", async (...row) => {
    const [, authorization, unexpected] = row;
    const simulator = await unlimited();
    const answer = await call(simulator, "GET", "/formations/", undefined, { authorization });
    expect(answer.status).toBe(401);
    expect(simulator.unexpected.splice(0)).toHaveLength(unexpected);
  });

  test("can be replaced", async () => {
    const simulator = await unlimited();
    simulator.token = "rotated";
    expect((await call(simulator, "GET", "/formations/")).status).toBe(200);
  });
});

describe("five requests per minute", () => {
  async function statuses(simulator: CitusSimulator, times: number): Promise<number[]> {
    const found = [];
    for (let index = 0; index < times; index += 1) {
      found.push((await call(simulator, "GET", "/formations/")).status);
    }
    return found;
  }

  test("the sixth is 429, and a minute later it passes", async () => {
    const simulator = await running(new CitusSimulator({ speed: 0 }));
    expect(await statuses(simulator, 6)).toEqual([200, 200, 200, 200, 200, 429]);
    simulator.clock.advance(60_000);
    expect(await statuses(simulator, 1)).toEqual([200]);
  });

  test.each([true, false])("a refusal has Retry-After: %s, as told", async (retryAfter) => {
    const simulator = await running(new CitusSimulator({ requestsPerMinute: 1, speed: 0 }));
    simulator.retryAfter = retryAfter;
    await statuses(simulator, 1);
    simulator.clock.advance(18_500);
    const { headers } = await call(simulator, "GET", "/formations/");
    expect(headers.get("retry-after")).toBe(retryAfter ? "42" : null);
  });

  test("a clock that runs fast shortens Retry-After to what the client has to wait", async () => {
    const simulator = await running(new CitusSimulator({ requestsPerMinute: 1, speed: 30 }));
    await statuses(simulator, 1);
    const { headers } = await call(simulator, "GET", "/formations/");
    expect(headers.get("retry-after")).toBe("2");
  });

  test("a request with a wrong token doesn't count", async () => {
    const simulator = await running(new CitusSimulator({ requestsPerMinute: 1, speed: 0 }));
    await call(simulator, "GET", "/formations/", undefined, { authorization: "Token wrong" });
    expect(await statuses(simulator, 1)).toEqual([200]);
  });
});

test("a resize in the console shows in the details", async () => {
  const simulator = await unlimited();
  const { id } = simulator.addFormation();
  simulator.resize(id, { worker_count: 7, worker_disk_size: "512" });
  const { tune_attributes } = (await call(simulator, "GET", `/formations/${id}`)).body;
  expect(tune_attributes).toMatchObject({ worker_count: 7, worker_disk_size: "512" });
});
