import { expect, test } from "vitest";
import { configure, discover, fleet, namesIn, report, sentTo, systems } from "./world.ts";

test("everything that exists is listed, with one list per account, app and server, and one read per formation", async () => {
  const { citus, crunchyBridge, akkeris, antfly, events, orders, reports } = await fleet();

  const { version, isComplete, counts, resources, ...rest } = await report();

  expect({ version, isComplete, counts }).toEqual({
    ...{ version: 1, isComplete: true },
    counts: { found: 8 },
  });
  expect(rest).toEqual({ stacks: [], skipped: [], failures: [], remarks: [] });
  expect(resources.map(({ type, id, name }) => [type.split(":")[2], id, name])).toEqual([
    ["Formation", events.id, "events"],
    ["Formation", orders.id, "orders"],
    ["Replica", reports.id, "reports"],
    ["AppFormation", "shop-dev/web", "shop-dev/web"],
    ["AppFormation", "shop-dev/worker", "shop-dev/worker"],
    ["AppFormation", "shop-prod/web", "shop-prod/web"],
    ["AppFormation", "shop-prod/worker", "shop-prod/worker"],
    ["AntflySecret", "openai.api_key", "openai.api_key"],
  ]);
  expect(resources[0]).toMatchObject({
    ...{ system: "citus", account: "Citus Cloud", region: "us-east-1", isLeaving: false },
    properties: { coordinatorTune: "r5.large", workerCount: 4, coordinatorHa: true },
  });
  const formations = "/api/v1/formations/";
  expect(sentTo(citus)).toEqual([
    `GET ${formations}`,
    `GET ${formations}${events.id}`,
    `GET ${formations}${orders.id}`,
  ]);
  expect(sentTo(crunchyBridge)).toEqual(["GET /teams", "GET /clusters"]);
  expect(sentTo(akkeris).toSorted()).toEqual([
    "GET /apps",
    "GET /apps/shop-dev/formation",
    "GET /apps/shop-prod/formation",
  ]);
  expect(sentTo(antfly)).toEqual(["GET /db/v1/secrets"]);
});

test.each([
  { args: ["--system", "citus"], names: ["events", "orders"] },
  {
    args: ["--system", "Crunchy Bridge", "--system", "antfly"],
    names: ["reports", "openai.api_key"],
  },
  {
    args: ["--name", "ev*", "--name", "*/we?"],
    names: ["events", "shop-dev/web", "shop-prod/web"],
  },
  { args: ["--name", "openai.api_key"], names: ["openai.api_key"] },
  { args: ["--name", "openai?api*", "--name", "shop"], names: ["openai.api_key"] },
  { args: ["--region", "us-east-1"], names: ["events", "reports"] },
  { args: ["--region", "eu-west-1"], names: ["orders"] },
  { args: ["--app", "shop-dev"], names: ["shop-dev/web", "shop-dev/worker"] },
  {
    args: ["--app", "shop-dev", "--app", "shop-prod", "--name", "*/web"],
    names: ["shop-dev/web", "shop-prod/web"],
  },
  { args: ["--environment", "production"], names: ["reports"] },
  { args: ["--environment", ""], names: [] },
  { args: ["--name", "ORDERS"], names: [] },
])("$args keeps $names", async ({ args, names }) => {
  await fleet();

  const found = await report(...args);

  expect([found.isComplete, found.skipped]).toEqual([true, []]);
  expect(namesIn(found)).toEqual(names);
});

test("filters save requests where the list shows what they are about", async () => {
  const { citus, crunchyBridge, akkeris, antfly, orders } = await fleet();

  await report("--region", "eu-west-1");
  expect(sentTo(citus)).toHaveLength(2);
  expect([akkeris, antfly].flatMap(sentTo)).toEqual([]);
  sentTo(crunchyBridge);

  await report("--app", "shop-dev");
  expect(sentTo(akkeris)).toEqual(["GET /apps/shop-dev/formation"]);
  expect([citus, crunchyBridge, antfly].flatMap(sentTo)).toEqual([]);

  await report("--system", "citus", "--name", "ord*");
  expect(sentTo(citus).at(-1)).toBe(`GET /api/v1/formations/${orders.id}`);
  expect([crunchyBridge, akkeris, antfly].flatMap(sentTo)).toEqual([]);
});

test("an app that is given by its name and by its ID is one app", async () => {
  const { akkeris } = await fleet();
  const id = akkeris.apps.get("shop-dev")?.id ?? "";

  const found = await report("--app", "shop-dev", "--app", id);

  expect(namesIn(found)).toEqual(["shop-dev/web", "shop-dev/worker"]);
});

test("what is gone, archived, or disappears after the list is left out", async () => {
  const { citus, crunchyBridge, reports, events, orders } = await fleet();
  citus.archive(orders.id);
  crunchyBridge.clusters.delete(reports.id);
  citus.onAnswer = ({ path }) => {
    if (path === "/api/v1/formations/") citus.formations.delete(events.id);
  };

  const found = await report("--system", "citus", "--system", "crunchybridge");

  expect([found.isComplete, namesIn(found)]).toEqual([true, []]);
});

test("what is being created or deleted, or failed, is listed and marked", async () => {
  const { citus, crunchyBridge, events, orders, primary, reports } = await fleet();
  citus.setState(events.id, "creating");
  citus.setState(orders.id, "archiving");
  crunchyBridge.clustersHaveState = true;
  const one = crunchyBridge.clusters.get(reports.id);
  if (one) one.state = "creation_failed";
  crunchyBridge.addCluster({ name: "leaving", parent_id: primary.id, state: "destroying" });

  const { resources } = await report("--system", "citus", "--system", "crunchybridge");
  const { out } = await discover("--system", "citus", "--system", "crunchybridge");

  const marked = resources.map(({ name, pending, isLeaving }) => [name, pending, isLeaving]);
  expect(Object.fromEntries(marked.map(([name, ...rest]) => [name, rest]))).toEqual({
    events: ['state "creating"', false],
    orders: ['state "archiving"', true],
    reports: ['state "creation_failed"', false],
    leaving: ['state "destroying"', true],
  });
  expect(out).toContain('Not ready: events (state "creating"), reports (state "creation_failed").');
  expect(out).toMatch(/Being deleted: orders \(state "archiving"\), leaving/);
});

test("names that clash are said, and their IDs tell them apart", async () => {
  const { citus, events } = await fleet();
  const twin = citus.addFormation({ name: "events", region: "eu-west-1" });

  const { out } = await discover("--system", "citus");

  expect(out).toContain(
    "Citus Cloud has 2 formations of the name events; their IDs tell them apart.",
  );
  for (const { id } of [events, twin]) expect(out).toContain(id);
});

test.each(["citus", "crunchyBridge", "akkeris", "antfly"] as const)(
  "an account of %s with nothing is no failure",
  async (name) => {
    const { of } = await systems();
    configure(of[name]);

    const { code, out, err } = await discover();

    expect([code, out]).toEqual([0, "Nothing was found."]);
    expect(err.match(/^Skipped .*$/gm)).toHaveLength(3);
  },
);

test("an account that two tokens reach is listed once", async () => {
  const { citus } = await fleet();
  const { folder } = await import("../command.ts").then(({ stubStack }) =>
    stubStack({ config: { citusToken: citus.token, citusUrl: `${citus.url}/` } }),
  );

  const found = await report("--system", "citus", "--cwd", folder);

  expect(namesIn(found)).toEqual(["events", "orders"]);
  expect(sentTo(citus).filter((one) => one.endsWith("/formations/"))).toHaveLength(2);
  expect(sentTo(citus)).toEqual([]);
});
