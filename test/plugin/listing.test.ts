import grpc from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { describe, expect, test } from "vitest";
import { moreAbout } from "../../provider/process/more.ts";
import type { Values } from "../../provider/resource/values.ts";
import { newEid } from "../../simulators/crunchybridge.ts";
import { appFormation } from "../akkeris/subjects.ts";
import { antflySecret } from "../antfly/subjects.ts";
import { formation } from "../citus/subjects.ts";
import { replica } from "../crunchybridge/subjects.ts";
import { subjects } from "../subjects.ts";
import { type ListedPart, type Plugin, startPlugin } from "./plugin.ts";
import { bag, configured, secret, unknown } from "./wire.ts";
import { worldOf } from "./world.ts";

/** What a list is asked for, besides the resource. */
interface Asked {
  query?: Values;
  limit?: number;
  size?: number;
  token?: string;
}

function requestFor(type: string, { query = {}, limit = 0, size = 0, token = "" }: Asked = {}) {
  return new pb.ListRequest()
    .setToken(`formations:index:${type}`)
    .setQuery(bag(query))
    .setLimit(limit)
    .setPageSize(size)
    .setContinuationToken(token);
}

/** A client that lists until nothing continues; `limitOf` is what it asks for after so many resources. */
async function allParts(
  plugin: Plugin,
  type: string,
  asked: Asked,
  limitOf: (listed: number) => number,
): Promise<ListedPart[]> {
  const parts: ListedPart[] = [];
  let token = "";
  do {
    const limit = limitOf(parts.flatMap(({ ids }) => ids).length);
    const part = await plugin.list(requestFor(type, { ...asked, limit, token }));
    expect(part.failure).toBeUndefined();
    parts.push(part);
    token = part.token;
  } while (token !== "");
  return parts;
}

/** Clusters of which each is a page of the API, with 2, 0, 3 and 1 replicas, in the order of the list. */
async function pagedReplicas() {
  const world = await worldOf(replica);
  const { simulator } = world;
  simulator.pageSize = 1;
  simulator.clusters.clear();
  const all: string[] = [];
  const parents = [newEid(), newEid(), newEid(), newEid()].sort();
  for (const [at, count] of [2, 0, 3, 1].entries()) {
    const parent = simulator.addCluster({ id: parents[at] });
    const ids = Array.from({ length: count }, () => newEid()).sort();
    for (const id of ids) simulator.addCluster({ id, parent_id: parent.id });
    all.push(...ids);
  }
  return { ...world, all, pages: () => simulator.count("GET", "/clusters") };
}

/** What is asked for, how many resources each response has, and how many pages are requested of the API. */
const rows = [
  { limit: 0, size: 0, parts: [6], pages: 4 },
  // A page of the API is requested again where a response ended within it.
  { limit: 0, size: 1, parts: [1, 1, 1, 1, 1, 1], pages: 7 },
  { limit: 0, size: 2, parts: [2, 2, 2], pages: 5 },
  { limit: 0, size: 4, parts: [4, 2], pages: 5 },
  { limit: 0, size: 5, parts: [5, 1], pages: 4 },
  { limit: 0, size: 6, parts: [6], pages: 4 },
  { limit: 0, size: 100, parts: [6], pages: 4 },
  { limit: 1, size: 0, parts: [1], pages: 1 },
  { limit: 2, size: 0, parts: [2], pages: 1 },
  { limit: 3, size: 0, parts: [3], pages: 3 },
  { limit: 5, size: 0, parts: [5], pages: 3 },
  { limit: 6, size: 0, parts: [6], pages: 4 },
  { limit: 7, size: 0, parts: [6], pages: 4 },
  { limit: 2, size: 1, parts: [1, 1], pages: 2 },
  { limit: 3, size: 2, parts: [2, 1], pages: 3 },
  { limit: 4, size: 2, parts: [2, 2], pages: 3 },
  { limit: 5, size: 10, parts: [5], pages: 3 },
  { limit: -1, size: -1, parts: [6], pages: 4 },
];

describe("the limit, the page size and the API's pages decide what a response has", () => {
  test("whether a client repeats its limit or counts it down, as the one of `pulumi do`", async () => {
    const { plugin, all, pages, simulator } = await pagedReplicas();
    for (const row of rows) {
      const { limit, size, parts: counts } = row;
      const begins = counts.map((_, at) => counts.slice(0, at).reduce((sum, one) => sum + one, 0));
      const expected = counts.map((count, at) => all.slice(begins[at], (begins[at] ?? 0) + count));
      for (const isCounted of limit > 0 ? [false, true] : [false]) {
        simulator.clearRequests();
        const limitOf = (listed: number) => (isCounted ? limit - listed : limit);
        const parts = await allParts(plugin, "Replica", { size }, limitOf);
        const label = JSON.stringify({ ...row, isCounted });
        expect(
          parts.map(({ ids }) => ids),
          label,
        ).toEqual(expected);
        expect(pages(), label).toBe(row.pages);
      }
    }
  });

  test("without a page size, a response ends with a page of the API, once it has a hundred", async () => {
    const { plugin, simulator } = await worldOf(replica);
    simulator.pageSize = 1;
    for (let parent = 0; parent < 3; parent++) {
      const { id } = simulator.addCluster();
      for (let count = 0; count < 60; count++) simulator.addCluster({ parent_id: id });
    }
    const parts = await allParts(plugin, "Replica", {}, () => 0);
    expect(parts.map(({ ids }) => ids.length)).toEqual([120, 60]);
  });

  test("a limited list asks no more apps for their formations than it needs", async () => {
    const { plugin, simulator } = await worldOf(appFormation);
    for (const letter of "abcdefghijkl") {
      simulator.addApp(`${letter}-default`);
      simulator.addFormation(`${letter}-default`);
    }
    const { ids } = await plugin.list(requestFor("AppFormation", { limit: 3 }));
    expect(ids).toEqual(["a-default/web", "b-default/web", "c-default/web"]);
    const asked = ["a-default", "b-default", "bar-default", "c-default"];
    expect(simulator.requests.map(({ path }) => path)).toEqual([
      "/apps",
      ...asked.map((app) => `/apps/${app}/formation`),
    ]);
  });

  test("a limited list gives up once no app can be listed", async () => {
    const { plugin, simulator } = await worldOf(appFormation);
    for (const letter of "abcdefghijkl") simulator.addApp(`${letter}-default`);
    const kind = { type: "status", status: 403 } as const;
    simulator.order({ path: /\/formation$/, times: 8, kind });
    const { ids, failure } = await plugin.list(requestFor("AppFormation", { limit: 1 }));
    expect(ids).toEqual([]);
    expect(failure?.text).toMatch(/^The list lacks the apps a-default, b-default, /);
    expect(simulator.count("GET", /\/formation$/)).toBe(8);
  });

  test("what the API lists at once comes at once, however much it is", async () => {
    const { plugin, simulator } = await worldOf(formation);
    for (let count = 0; count < 2_500; count++) simulator.addFormation();
    const { ids, token } = await plugin.list(requestFor("Formation"));
    expect([new Set(ids).size, token]).toEqual([2_500, ""]);
    expect(simulator.count("GET")).toBe(1);
  });
});

test("a list that changes while it is read loses nothing that stays, and repeats nothing", async () => {
  const { plugin, simulator } = await worldOf(formation);
  const add = (name: string) => simulator.addFormation({ name });
  const [a] = ["a", "b", "c", "d", "e"].map(add);
  const names: string[][] = [];
  let token = "";
  for (const change of [() => {}, replaceFirst, () => void add("z")]) {
    change();
    const part = await plugin.list(requestFor("Formation", { size: 2, token }));
    names.push(part.names);
    token = part.token;
  }
  expect(names).toEqual([
    ["a", "b"],
    ["aa", "c"],
    ["d", "e"],
  ]);
  expect((await plugin.list(requestFor("Formation", { size: 2, token }))).names).toEqual(["z"]);

  function replaceFirst() {
    if (a) simulator.formations.delete(a.id);
    add("aa");
  }
});

test.each(subjects.filter(({ name }) => name !== "AntflyBackupSchedule"))(
  "a $name that is listed has the ID that a read takes",
  async (subject) => {
    const { plugin, resource, inputs } = await worldOf(subject);
    const held = await resource.create(inputs);

    const { ids, names, failure } = await plugin.list(requestFor(subject.name));

    expect(failure).toBeUndefined();
    expect(ids).toEqual([held.id]);
    expect(names[0]).toBeTruthy();
    expect(await resource.read(ids[0] ?? "")).toMatchObject({ id: held.id });
  },
);

describe("a query", () => {
  test("narrows the list, also by a secret", async () => {
    const { plugin, simulator } = await worldOf(formation);
    for (const name of ["events", "orders"]) simulator.addFormation({ name });
    const query = { name: secret("orders"), region: "us-east-1" };
    expect((await plugin.list(requestFor("Formation", { query }))).names).toEqual(["orders"]);
  });

  test("that is not known yet has a response that isn't either, and nothing is sent", async () => {
    const { plugin, simulator } = await worldOf(formation);
    const part = await plugin.list(requestFor("Formation", { query: { name: unknown } }));
    expect(part).toEqual({ ids: [], names: [], token: "", isComputed: true });
    expect(simulator.requests).toEqual([]);
  });

  test("that is wrong is refused with all that is wrong, and the likely right name", async () => {
    const { plugin, simulator } = await worldOf(formation);
    const query = { name: 5, regoin: "us-east-1", region: secret(7) };
    const { failure } = await plugin.list(requestFor("Formation", { query }));
    expect(failure).toMatchObject({
      code: grpc.status.INVALID_ARGUMENT,
      text:
        "List of Formation: regoin is not an input of this list. Did you mean region? Inputs: name, region; " +
        "name is 5; it must be of type string; region is (secret); it must be of type string\n" +
        moreAbout("INVALID_ARGUMENTS"),
    });
    expect(simulator.requests).toEqual([]);
  });
});

describe("a list is refused", () => {
  test("of what no server knows", async () => {
    const plugin = await startPlugin();
    const { failure } = await plugin.list(requestFor("AntflyBackupSchedule"));
    expect(failure).toMatchObject({
      code: grpc.status.UNIMPLEMENTED,
      text: `AntflyBackupSchedule can't be listed: it exists only in the states of stacks, and no server knows of it.\n${moreAbout("UNSUPPORTED")}`,
    });
  });

  test("of a resource that does not exist, naming those that do", async () => {
    const plugin = await startPlugin();
    const { failure } = await plugin.list(requestFor("Formations"));
    expect(failure?.code).toBe(grpc.status.INVALID_ARGUMENT);
    expect(failure?.text).toContain("formations:index:Formation,");
  });

  test("without a credential, saying how to set it", async () => {
    const plugin = await startPlugin();
    await plugin.configure({});
    const { failure } = await plugin.list(requestFor("Replica"));
    expect(failure?.code).toBe(grpc.status.FAILED_PRECONDITION);
    expect(failure?.text).toContain("FORMATIONS_CRUNCHY_BRIDGE_API_KEY");
  });

  test("with a token of another list, or with something else", async () => {
    const { plugin, simulator } = await pagedReplicas();
    const { token } = await plugin.list(requestFor("Replica", { size: 2 }));
    expect(token).not.toBe("");
    simulator.clearRequests();
    const wrong = [
      ["Formation", { token }],
      ["Replica", { token, query: { name: "readers" } }],
      ["Replica", { token: token.slice(0, -3) }],
      ["Replica", { token: "garbage" }],
    ] as const;
    for (const [type, asked] of wrong) {
      const { failure, ids } = await plugin.list(requestFor(type, asked));
      expect(ids).toEqual([]);
      expect(failure?.code).toBe(grpc.status.INVALID_ARGUMENT);
      expect(failure?.text).toMatch(
        new RegExp(`^The list of ${type} resources with these inputs can't continue at "`),
      );
    }
    expect(simulator.requests).toEqual([]);
  });
});

test("if the API fails in the middle, what came before is listed, and the error is the API's", async () => {
  const { plugin, simulator, all } = await pagedReplicas();
  simulator.order({ path: "/clusters", skip: 1, kind: { type: "html", status: 400 } });

  const part = await plugin.list(requestFor("Replica"));

  expect(part.ids).toEqual(all.slice(0, 2));
  expect(part.failure?.code).toBe(grpc.status.UNKNOWN);
  expect(part.failure?.text).toContain("Crunchy Bridge");
});

test("a list that nobody reads any more ends its request, and sends no further ones", async () => {
  const { plugin, simulator, pages } = await pagedReplicas();
  simulator.order({ path: "/clusters", skip: 1, kind: { type: "hang", apply: false } });
  let leave = () => {};

  const list = plugin.list(requestFor("Replica"), (cancel) => {
    leave = cancel;
  });
  await expect.poll(pages).toBe(2);
  const open = simulator.connectionsOpen;
  leave();

  expect((await list).failure?.code).toBe(grpc.status.CANCELLED);
  // The connection of a request that ends early is closed.
  await expect.poll(() => simulator.connectionsOpen).toBe(open - 1);
  expect(pages()).toBe(2);
});

test("a list that waits for the rate limit says so, until the provider is cancelled", async () => {
  const { plugin, simulator } = await worldOf(formation);
  const access = configured(formation.system.access(simulator));
  await plugin.configure({ ...access, citusRequestsPerMinute: "1" });
  await plugin.list(requestFor("Formation"));

  const second = plugin.list(requestFor("Formation"));

  await expect
    .poll(() => plugin.logs, { timeout: 10_000 })
    .toEqual([
      expect.objectContaining({
        ephemeral: true,
        text: expect.stringMatching(/^Citus Cloud .*\b1 request .*waiting \d+ s/),
      }),
    ]);
  await plugin.cancel();
  expect((await second).failure?.code).toBe(grpc.status.CANCELLED);
  expect(simulator.count("GET")).toBe(1);
});

test("secrets of the configured server have short IDs, though the query names it", async () => {
  const { plugin, resource, simulator } = await worldOf(antflySecret);
  await resource.create({ key: "openai.api_key", value: "sk-1b70" });
  const { ids } = await plugin.list(
    requestFor("AntflySecret", { query: { url: `${simulator.url}/` } }),
  );
  expect(ids).toEqual(["openai.api_key"]);
});
