import { describe, expect, test, vi } from "vitest";
import * as errors from "../../provider/http/errors.ts";
import { CreationInDoubt } from "../../provider/resource/create-once.ts";
import {
  AlreadyExists,
  Cancelled,
  ResourceFailed,
  WaitTimedOut,
} from "../../provider/resource/errors.ts";
import type { CitusSimulator } from "../../simulators/citus.ts";
import type { Fault } from "../../simulators/kit/fault.ts";
import { failure } from "../support/failure.ts";
import { item, large, list, pauses, small, world } from "./world.ts";

const hour = 60 * 60 * 1000;

describe("create", () => {
  test("asks for one list, posts once, and looks until the formation is ready", async () => {
    const { host, sent, only } = await world();
    const { id } = await host.create(small);
    const [first, second, ...looks] = sent();
    expect([first, second]).toEqual([`GET ${list}`, `POST ${list}`]);
    expect(new Set(looks)).toEqual(new Set([`GET ${item(id)}`]));
    expect(looks.length).toBeLessThanOrEqual(20);
    expect(only().state).toBe("steady");
  });

  test("posts counts and disks as text, as the page's example has them", async () => {
    const { host, simulator } = await world();
    await host.create(large);
    expect(simulator.requests[1]?.body).toEqual({
      name: "orders",
      region: "us-east-1",
      tune_attributes: {
        coordinator_tune: "r5.large",
        coordinator_disk_size: "512",
        coordinator_ha: true,
        worker_tune: "r5.xlarge",
        worker_count: "4",
        worker_disk_size: "1024",
        worker_ha: true,
      },
    });
  });

  test("posts HA that is not asked for as off", async () => {
    const { host, simulator } = await world();
    await host.create(small);
    expect(simulator.requests[1]?.body).toMatchObject({
      tune_attributes: { coordinator_ha: false, worker_ha: false },
    });
  });

  test("gives back what the server has", async () => {
    const { host, only } = await world();
    const { id, state } = await host.create({ ...large, allowDuplicateName: true });
    const { database_url, created_at } = only();
    expect({ id, state }).toEqual({
      id: only().id,
      state: {
        ...large,
        allowDuplicateName: true,
        state: "steady",
        createdAt: created_at,
        isMx: false,
        isZfs: false,
        databaseUrl: database_url,
      },
    });
  });

  test("shares one list among creations that start together", async () => {
    const { host, simulator } = await world();
    await Promise.all(["a", "b", "c"].map((name) => host.create({ ...small, name })));
    expect(simulator.count("GET", list)).toBe(1);
    expect(simulator.count("POST", list)).toBe(3);
    expect(simulator.formations.size).toBe(3);
  });

  test("is never refused for its pace, however many are created", async () => {
    const { host, simulator } = await world();
    await Promise.all(["a", "b", "c", "d"].map((name) => host.create({ ...small, name })));
    expect(simulator.requests.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("that is cancelled before anything was asked leaves nothing, and says so", async () => {
    const { host, sent } = await world();
    host.aborter.abort();
    const error = await failure(host.create(small), Cancelled);
    expect(error.message).toBe('Cancelled before formation "orders" was created.');
    expect(sent()).toEqual([]);
  });

  test("that the server refuses leaves nothing", async () => {
    const { host, simulator, sent } = await world();
    const kind = { type: "status", status: 422, body: { message: "No capacity." } } as const;
    simulator.order({ method: "POST", kind });
    const error = await failure(host.create(small), errors.Refused);
    expect(error.message).toContain("No capacity.");
    expect(sent()).toEqual([`GET ${list}`, `POST ${list}`]);
  });

  test.each([
    ["a web page", { type: "html" }, errors.BadAnswer],
    ["a token that is not accepted", { type: "status", status: 401 }, errors.Unauthorized],
  ] as const)("posts nothing where the list answers with %s", async (_, kind, type) => {
    const { host, simulator, sent } = await world();
    simulator.order({ kind });
    await failure<errors.HttpError>(host.create(small), type);
    expect(sent()).toEqual([`GET ${list}`]);
  });
});

describe("waiting for a new formation", () => {
  test.each([
    [5, 12_000],
    [60, 1_000],
  ])(
    "looks as often as %i requests per minute allow, at most",
    async (requestsPerMinute, first) => {
      const config = { citusRequestsPerMinute: requestsPerMinute };
      const { host, simulator } = await world({ requestsPerMinute, config });
      await host.create(small);
      const [gap, ...gaps] = pauses(simulator);
      expect(gap).toBe(first);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(first);
    },
  );

  test("looks every 30 s in the end", async () => {
    const config = { citusRequestsPerMinute: 60 };
    const options = { provisioningSeconds: 1_800, requestsPerMinute: 60, config };
    const { host, simulator } = await world(options);
    await host.create(small);
    const gaps = pauses(simulator);
    expect(Math.max(...gaps)).toBe(30_000);
    expect(gaps.at(-1)).toBe(30_000);
  });

  test.each(["steady", "ready"])("ends in state %s", async (restingState) => {
    const { host, simulator } = await world();
    simulator.restingState = restingState;
    expect((await host.create(small)).state.state).toBe(restingState);
  });

  test("shows the state and for how long it has waited", async () => {
    const { host } = await world();
    await host.create(small);
    expect(host.progress[0]).toBe("creating, 0 s");
    expect(host.progress.at(-1)).toMatch(/^converging, \d min/);
    expect(host.warnings).toEqual([]);
  });

  test("goes on through states that nobody knows", async () => {
    const { host, simulator, clock, only } = await world();
    clock.onSleep = () => {
      if (simulator.formations.size === 0) return;
      if (only().state === "converging") simulator.setState(only().id, "levitating");
      else if (only().state === "levitating") simulator.setState(only().id, "steady");
    };
    await host.create(small);
    expect(host.progress).toContainEqual(expect.stringMatching(/^levitating/));
  });

  test.each<[string, { state: string; answers?: boolean }, RegExp]>([
    [
      "being archived",
      { state: "archiving" },
      /it is being archived, which destroys it. When it is gone, run `pulumi refresh`/,
    ],
    ["archived", { state: "archived" }, /it is gone: run `pulumi refresh`/],
    ["archived and not answered any more", { state: "archived", answers: false }, /it is gone/],
  ])("ends at once where it is %s, and keeps its ID", async (_, { state, answers }, words) => {
    const { host, simulator, clock, only } = await world();
    simulator.answersArchived = answers ?? true;
    const began = clock.now();
    clock.onSleep = () => {
      if (simulator.formations.size > 0) simulator.setState(only().id, state);
    };
    const { held, error } = await host.createPartly(small);
    expect(error.cause).toBeInstanceOf(ResourceFailed);
    expect(error.message).toMatch(words);
    expect(error.message).toContain(`formation "orders" (${held.id})`);
    expect(clock.now() - began).toBeLessThan(30_000);
  });

  test("keeps the formation where looking fails in the end", async () => {
    const { host, simulator, clock, only } = await world();
    simulator.order({ method: "GET", path: /s\/./, times: 5, kind: { type: "html", status: 502 } });
    const { held, error } = await host.createPartly(small);
    expect(error.cause).toBeInstanceOf(errors.ServerFailure);
    expect(held).toMatchObject({
      id: only().id,
      state: { ...small, state: "creating", createdAt: expect.any(String), __pending: true },
    });
    expect(Date.parse(String(held.state.createdAt))).toBeLessThanOrEqual(clock.now());
  });

  test("keeps the formation where it is cancelled", async () => {
    const { host, clock, simulator, only } = await world();
    clock.onSleep = () => {
      if (simulator.formations.size > 0) host.aborter.abort();
    };
    const { held, error } = await host.createPartly(small);
    expect(error.cause).toBeInstanceOf(Cancelled);
    expect(held.id).toBe(only().id);
  });
});

describe("a creation that is not ready when its time is over", () => {
  /** A formation that takes an hour and a half, of which a run waits for one. */
  async function slow() {
    const made = await world({ provisioningSeconds: (1.5 * hour) / 1000 });
    const began = made.clock.now();
    const incomplete = await made.host.createPartly(large);
    made.simulator.clearRequests();
    return { ...made, ...incomplete, began };
  }

  test("is kept as the server has it, and says what was seen last", async () => {
    const { held, error, only, clock, began } = await slow();
    expect(error.cause).toBeInstanceOf(WaitTimedOut);
    expect(error.message).toMatch(/^Waited (59|60) min.* for formation "orders" .*last seen: /);
    expect(clock.now() - began).toBeLessThanOrEqual(hour);
    expect(held.id).toBe(only().id);
    expect(held.state).toEqual({
      ...large,
      state: "converging",
      createdAt: only().created_at,
      isMx: false,
      isZfs: false,
      databaseUrl: only().database_url,
      __pending: true,
    });
  });

  test("has the next run wait, which sends nothing but looks", async () => {
    const { held, host, simulator, only } = await slow();
    expect(host.plan(held)).toMatchObject({ action: "update", changes: [] });
    const done = await host.update(held);
    expect(done.state).toMatchObject({ state: "steady", databaseUrl: only().database_url });
    expect(done.state).not.toHaveProperty("__pending");
    expect(simulator.requests.length).toBe(simulator.count("GET", item(held.id)));
    expect(host.plan(done).action).toBe("keep");
  });

  test("is kept again where that is not long enough either", async () => {
    const { held, host, simulator } = await slow();
    simulator.provisioningSeconds *= 10;
    const again = await host.updatePartly(held);
    expect(again.held).toMatchObject({ id: held.id, state: { ...large, __pending: true } });
  });

  test("is kept where the next run cannot look at all", async () => {
    const { held, host, simulator } = await slow();
    simulator.order({ kind: { type: "status", status: 401 } });
    const again = await host.updatePartly(held);
    expect(again.held).toEqual(held);
    expect(again.error.cause).toBeInstanceOf(errors.Unauthorized);
  });

  test("is not waited for any more once a refresh has seen it ready", async () => {
    const { held, host, clock, simulator } = await slow();
    const busy = await host.refresh(held);
    expect(busy?.state.__pending).toBe(true);
    await clock.sleep(hour);
    const ready = (await host.refresh(held)) ?? expect.fail("gone");
    expect(host.plan(ready).action).toBe("keep");
    expect(simulator.requests.length).toBe(2);
  });

  test("is replaced where the program asks for another one by now", async () => {
    const { held, host } = await slow();
    expect(host.plan(held, { ...large, workerCount: 8 }).action).toBe("replace");
  });

  test("ends sooner where the program gives it less time", async () => {
    const config = { citusRequestsPerMinute: 60 };
    const { host, clock } = await world({ timeout: 60_000, requestsPerMinute: 60, config });
    const began = clock.now();
    const { error } = await host.createPartly(small);
    expect(error.cause).toBeInstanceOf(WaitTimedOut);
    expect(clock.now() - began).toBeLessThanOrEqual(60_000);
  });

  test("is kept where five requests per minute leave no other look in time", async () => {
    const { host, only } = await world({ timeout: 60_000 });
    const { held, error } = await host.createPartly(small);
    expect(error.cause).toBeInstanceOf(WaitTimedOut);
    expect(error.message).toMatch(/^Waited \d+ s for formation .* last seen: creating\. /);
    expect(error.message).toContain("rate limit of 5 requests per minute: no slot");
    expect(held.id).toBe(only().id);
  });
});

test("a creation that has no turn in time is told so, and nothing is sent", async () => {
  const { host, another, sent } = await world({ timeout: 30_000 });
  await Promise.all(Array.from({ length: 5 }, () => host.import("unknown")));
  sent();
  const error = await failure(another().create(small), errors.RateLimited);
  expect(error.outOfTime).toBe(true);
  expect(sent()).toEqual([]);
});

describe("a creation whose response was lost", () => {
  test.each([
    ["by a reset", { type: "reset", apply: true }],
    ["by a failure of the server", { type: "status", status: 500, body: "Boom", apply: true }],
    ["by JSON that is cut off", { type: "cutJson" }],
    ["by an answer that breaks off", { type: "truncated" }],
    ["by an answer without a body", { type: "empty" }],
  ] as const)("%s is found in the list, and not posted again", async (_, kind) => {
    const { host, simulator, sent, only } = await world();
    simulator.order({ method: "POST", kind });
    const { id } = await host.create(small);
    expect(id).toBe(only().id);
    expect(sent().slice(0, 4)).toEqual([
      `GET ${list}`,
      `POST ${list}`,
      `GET ${list}`,
      `GET ${item(id)}`,
    ]);
    expect(host.warnings).toEqual([
      expect.stringMatching(
        /could not create formation.*Checking for formation "orders" in us-east-1 before retrying\.$/,
      ),
    ]);
  });

  test.each([
    ["a reset", { type: "reset", apply: false }],
    ["a failure of the server", { type: "status", status: 503 }],
    ["a web page", { type: "html" }],
  ] as const)("and that did not take effect is posted once more: after %s", async (_, kind) => {
    const { host, simulator, sent, only } = await world();
    simulator.order({ method: "POST", kind });
    const { id } = await host.create(small);
    expect(id).toBe(only().id);
    const looks = ["GET", "GET", "GET", "GET", "GET"];
    expect(sent().slice(0, 8)).toEqual(
      ["GET", "POST", ...looks, "POST"].map((method) => `${method} ${list}`),
    );
    expect(host.progress.filter((text) => text.includes("the list may be behind"))).toHaveLength(4);
  });

  test("is found in a list that is behind, and not posted again", async () => {
    const { host, simulator, only } = await world();
    simulator.listLagSeconds = 25;
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    const { id } = await host.create(small);
    expect(id).toBe(only().id);
    expect(simulator.count("POST")).toBe(1);
  });

  test("and that a list hides for longer than the provider looks is an error in the end", async () => {
    const { host, simulator } = await world();
    simulator.listLagSeconds = 240;
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    const { held, error } = await host.createPartly(small);
    expect(simulator.count("POST")).toBe(2);
    const others = [...simulator.formations.keys()].filter((id) => id !== held.id);
    expect(error.message).toContain('There are two of formation "orders" in us-east-1');
    expect(error.message).toContain(`This resource is ${held.id}.`);
    expect(error.message).toContain(others.join(", "));
    expect(held.state).toMatchObject({ state: "steady" });
    expect(host.plan(held).action).toBe("keep");
  });

  test("is found by a list that does not say when it was created", async () => {
    const { host, simulator, only } = await world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    simulator.onAnswer = ({ method }) => {
      if (method !== "POST") return;
      const formations = [...simulator.formations.values()];
      const body = { formations: formations.map(({ id, name }) => ({ id, name, created_at: 7 })) };
      simulator.order({ path: list, kind: { type: "status", status: 200, body } });
    };
    const { id } = await host.create(small);
    expect(id).toBe(only().id);
    expect(simulator.count("POST")).toBe(1);
  });

  test("is not posted a third time", async () => {
    const { host, simulator } = await world();
    simulator.order({ method: "POST", times: 2, kind: { type: "reset", apply: false } });
    const error = await failure(host.create(small), errors.NoAnswer);
    expect(error.message).toContain("It may have taken effect.");
    expect(simulator.count("POST")).toBe(2);
  });

  test("twice has the provider look twice, and is found where the second took effect", async () => {
    const { host, simulator, only } = await world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: false } });
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    const { id } = await host.create(small);
    expect(id).toBe(only().id);
    expect(simulator.count("POST")).toBe(2);
  });

  test("is not taken for one of that name that was there before", async () => {
    const { host, simulator } = await world();
    const before = simulator.addFormation({ name: small.name });
    simulator.order({ method: "POST", kind: { type: "reset", apply: false } });
    const { id } = await host.create({ ...small, allowDuplicateName: true });
    expect(id).not.toBe(before.id);
    expect(simulator.formations.size).toBe(2);
  });

  test("is not taken for one of that name in another region", async () => {
    const { host, simulator } = await world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: false } });
    simulator.onAnswer = ({ method }) => {
      if (method === "POST") simulator.addFormation({ name: small.name, region: "eu-west-1" });
    };
    const { state } = await host.create(small);
    expect(state.region).toBe("us-east-1");
  });

  test.each([
    ["whose answer came", { skip: 1 }],
    ["whose response was lost too", { times: 2 }],
  ])("is not taken for another one of this process, of the same name, %s", async (_, which) => {
    const { host, simulator } = await world();
    simulator.order({ method: "POST", ...which, kind: { type: "reset", apply: true } });
    const twin = { ...small, allowDuplicateName: true };
    const made = await Promise.all([host.create(twin), host.create(twin)]);
    expect(new Set(made.map(({ id }) => id))).toEqual(new Set(simulator.formations.keys()));
    expect(simulator.formations.size).toBe(2);
  });

  test("since it was cancelled is left alone, and told", async () => {
    const { host, simulator, sent } = await world();
    simulator.order({ method: "POST", kind: { type: "hang", apply: true } });
    const result = failure(host.create(small), errors.RequestCancelled);
    await vi.waitFor(() => expect(simulator.formations.size).toBe(1), { interval: 5 });
    host.aborter.abort();
    expect((await result).message).toContain("It may have taken effect.");
    expect(sent()).toEqual([`GET ${list}`, `POST ${list}`]);
  });

  test.each<[string, Fault["kind"], string]>([
    ["at all", { type: "status", status: 403 }, "could not list formations: GET"],
  ])("and that nobody can look for %s is told, and not posted again", async (_, kind, why) => {
    const { host, simulator } = await world();
    simulator.order({ method: "POST", kind: { type: "reset", apply: true } });
    simulator.order({ path: list, skip: 2, times: 2, kind });
    const { message, cause } = await failure(host.create(small), CreationInDoubt);
    expect(cause).toBeInstanceOf(errors.NoAnswer);
    expect(message).toContain("It may have taken effect. Checking for formation");
    expect(message).toContain("failed: Citus Cloud: could not list");
    expect(message).toContain(why);
    expect(message).toContain("Nothing more was sent; the next `pulumi up` checks before it");
    await failure(host.create(small), errors.HttpError);
    await failure(host.create(small), AlreadyExists);
    expect(simulator.count("POST")).toBe(1);
  });

  describe("is not taken for what may be somebody else's:", () => {
    test.each<[string, Parameters<CitusSimulator["addFormation"]>[0][], string]>([
      [
        "what is older",
        [{ created_at: "2019-01-01T00:00:00Z" }],
        "but it seems to be older than the request",
      ],
      [
        "what has another tune",
        [{ tune_attributes: { worker_count: 3 } }],
        "but its tune does not match",
      ],
      ["one of two", [{}, {}], "appeared as well"],
    ])("%s, nor is it posted again", async (_, others, why) => {
      const { host, simulator } = await world();
      simulator.order({ method: "POST", kind: { type: "reset", apply: false } });
      simulator.onAnswer = ({ method }) => {
        if (method !== "POST") return;
        for (const other of others) simulator.addFormation({ name: small.name, ...other });
      };
      const { message } = await failure(host.create(small), AlreadyExists);
      const [first] = simulator.formations.keys();
      expect(message).toContain(`formation "orders" in us-east-1 already exists (ID ${first}`);
      expect(message).toContain(why);
      expect(message).toContain("so it was not adopted, and nothing more was sent.");
      expect(message).toContain("formations recover --yes --adopt");
      expect(simulator.count("POST")).toBe(1);
      expect(simulator.formations.size).toBe(others.length);
    });
  });
});
