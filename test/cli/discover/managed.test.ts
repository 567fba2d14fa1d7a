import { expect, test } from "vitest";
import { concealed, type ResourceState } from "../../../cli/stack/deployment.ts";
import { unknownValue, type Values } from "../../../provider/resource/values.ts";
import { CitusSimulator } from "../../../simulators/citus.ts";
import { running } from "../../simulators/kit/testing.ts";
import { type Host, providerState, type StackContent, stubStack } from "../command.ts";
import { configure, fleet, namesIn, type Report, reportIn, sentTo } from "./world.ts";

const types = { plugin: "formations:index:", dynamic: "pulumi-nodejs:dynamic/formations:" };

/** What a stack has of a resource. */
interface Sketch {
  outputs?: Values;
  host?: Host;
  also?: Partial<ResourceState>;
}

/** A resource in a state, with the default provider unless `also` has another. */
function held(
  name: string,
  definition: string,
  id: string,
  { outputs = {}, host = "plugin", also }: Sketch = {},
): ResourceState {
  const type = `${types[host]}${definition}`;
  const provider = providerState(host);
  return {
    ...{ urn: `urn:pulumi:test::scenario::${type}::${name}`, type, custom: true, id },
    ...{ inputs: {}, outputs, provider: `${provider.urn}::${provider.id}` },
    ...also,
  };
}

/** An explicit provider in a state, and what its resources refer to it by. */
function provider(name: string, inputs: Values) {
  const type = "pulumi:providers:formations";
  const urn = `urn:pulumi:test::scenario::${type}::${name}`;
  const state: ResourceState = { urn, type, custom: true, id: `${name}-id`, inputs };
  return { state, also: { provider: `${urn}::${name}-id` } };
}

/** The fleet, and a command that asks which of it a stack manages. */
async function stackOf(make: (all: Awaited<ReturnType<typeof fleet>>) => Partial<StackContent>) {
  const all = await fleet();
  const stack = stubStack({ config: {}, stacks: [{ name: "production" }], ...make(all) });
  const run = (...args: string[]) => stack.formations("discover", "--stack", "production", ...args);
  const report = async (...args: string[]) => reportIn(await run("--json", ...args));
  return { ...all, run, report };
}

const unmanagedIn = ({ resources }: Report) =>
  resources.filter(({ managers }) => managers?.length === 0).map(({ name }) => name);

const missingIn = ({ missing }: Report) => missing?.map(({ id }) => id) ?? [];

test("what a stack has on either host is managed, and not requested again", async () => {
  const { report, citus, events, reports } = await stackOf(({ events, reports }) => ({
    resources: [
      providerState(),
      held("main", "Formation", events.id, {
        outputs: { name: "events", region: "us-east-1", workerCount: 4, state: "steady" },
      }),
      held("reports", "Replica", reports.id),
      held("web", "AppFormation", "shop-dev/web", { host: "dynamic" }),
      held("key", "AntflySecret", "openai.api_key", { outputs: { key: "openai.api_key" } }),
    ],
  }));

  const found = await report();

  expect(found.stacks).toEqual(["production"]);
  expect(unmanagedIn(found)).toEqual([
    ...["orders", "shop-dev/worker", "shop-prod/web", "shop-prod/worker"],
  ]);
  expect(missingIn(found)).toEqual([]);
  const [one] = found.resources;
  expect(one).toMatchObject({
    ...{ id: events.id, properties: { workerCount: 4 } },
    managers: [{ stack: "production", urn: expect.stringMatching(/Formation::main$/) }],
  });
  expect(found.resources.find(({ id }) => id === reports.id)?.properties.planId).toBe(
    "standard-16",
  );
  expect(sentTo(citus)).toHaveLength(2);
});

test("the same ID on the server of another account is not the stack's", async () => {
  const other = await running(new CitusSimulator());
  const { report, events } = await stackOf(({ events, citus }) => {
    other.addFormation({ id: events.id, name: "elsewhere" });
    const eu = provider("citus-eu", {
      ...{ citusUrl: other.url, citusToken: concealed(other.token) },
      citusRequestsPerMinute: "6000",
    });
    other.requestsPerMinute = citus.requestsPerMinute;
    return {
      resources: [providerState(), eu.state, held("main", "Formation", events.id, eu)],
    };
  });

  const found = await report("--system", "citus");

  const shown = found.resources.map(({ id, account, managers }) => [id, account, managers?.length]);
  expect(shown).toEqual([
    [events.id, "Citus Cloud (environment)", 0],
    [expect.any(String), "Citus Cloud (environment)", 0],
    [events.id, "Citus Cloud (provider citus-eu of production)", 1],
  ]);
  expect(found.resources[2]?.provider).toMatch(/::citus-eu$/);
  expect(found.resources[2]?.server).toBe(new URL(other.url).origin);
  expect(missingIn(found)).toEqual([]);
});

test("where a system has several accounts, a failure names the account", async () => {
  const other = await running(new CitusSimulator());
  const { report } = await stackOf(() => {
    const eu = provider("citus-eu", { citusUrl: other.url, citusToken: "wrong-token-of-eu" });
    return { resources: [providerState(), eu.state] };
  });

  const found = await report("--system", "citus");

  expect(found.failures).toEqual([
    expect.stringMatching(/^Citus Cloud \(provider citus-eu of production\): Citus Cloud: .*401/),
  ]);
  expect(namesIn(found)).toEqual(["events", "orders"]);
});

test("what a stack has and no server knows is missing, once a read has confirmed it", async () => {
  const { report, citus, run } = await stackOf(() => ({
    resources: [
      providerState(),
      held("lost", "Formation", "0123456789abcdef0123456789a", {
        outputs: { name: "lost", region: "us-east-1" },
      }),
      held("gone", "AppFormation", "shop-dev/cron", { outputs: { app: "shop-dev" } }),
    ],
  }));

  const found = await report();
  const shown = await run("--unmanaged");

  expect(missingIn(found).toSorted()).toEqual(["0123456789abcdef0123456789a", "shop-dev/cron"]);
  expect(found.missing?.[0]?.manager.stack).toBe("production");
  const formations = sentTo(citus).filter((one) => one.endsWith("0123456789abcdef0123456789a"));
  expect(formations).toHaveLength(2);
  expect(shown.code).toBe(2);
  expect(shown.out).toMatch(
    /In a stack, but not on a server\n.*\n.*name.*\n.*\n.*lost .*│ formation .*\n.*gone .*│ app formation/,
  );
  expect(shown.out).toContain("2 resources of a stack do not exist on a server");
});

test("a replica that was detached is in no list, and not missing", async () => {
  const { report, detached } = await stackOf(({ crunchyBridge, primary }) => {
    const detached = crunchyBridge.addCluster({ name: "detached" });
    const outputs = { name: "detached", clusterId: primary.id, detached: true };
    return {
      resources: [providerState(), held("old", "Replica", detached.id, { outputs })],
      detached,
    };
  }).then((all) => ({ ...all, detached: [...all.crunchyBridge.clusters.values()].at(-1) }));

  const found = await report("--system", "crunchybridge");

  expect(missingIn(found)).toEqual([]);
  expect(found.resources.find(({ id }) => id === detached?.id)?.managers).toHaveLength(1);
});

test("what is not listed, for a filter or a failure, is not missing", async () => {
  const { report, citus } = await stackOf(() => ({
    resources: [
      providerState(),
      held("lost", "Formation", "0123456789abcdef0123456789a", {
        outputs: { name: "lost", region: "us-east-1" },
      }),
      held("gone", "AppFormation", "other-app/cron", { outputs: { app: "other-app" } }),
    ],
  }));

  expect(missingIn(await report("--name", "orders"))).toEqual([]);
  expect(missingIn(await report("--region", "eu-west-1"))).toEqual([]);
  expect(missingIn(await report("--app", "shop-dev"))).toEqual([]);
  citus.order({ path: "/api/v1/formations/", kind: { type: "status", status: 403, body: "" } });
  expect(missingIn(await report("--system", "citus"))).toEqual([]);
  expect(missingIn(await report("--system", "citus"))).toEqual(["0123456789abcdef0123456789a"]);
});

test("an app's name and its ID are one app", async () => {
  const { report } = await stackOf(({ akkeris }) => {
    const app = akkeris.apps.get("shop-dev");
    const outputs = { app: app?.id, type: "web", formationId: app?.rows[0]?.id };
    return {
      resources: [providerState(), held("web", "AppFormation", `${app?.id}/web`, { outputs })],
    };
  });

  const found = await report("--system", "akkeris");

  expect(unmanagedIn(found)).toEqual(["shop-dev/worker", "shop-prod/web", "shop-prod/worker"]);
  expect(missingIn(found)).toEqual([]);
});

test("a secret is on the server that it names, whichever way the address is written", async () => {
  const { report, antfly } = await stackOf(({ antfly }) => {
    const outputs = { key: "openai.api_key", url: `${antfly.url}/` };
    return {
      resources: [providerState(), held("key", "AntflySecret", "openai.api_key", { outputs })],
    };
  });

  expect(unmanagedIn(await report("--system", "antfly"))).toEqual([]);
  expect(sentTo(antfly)).toEqual(["GET /db/v1/secrets"]);
});

test("a replaced resource that is still to be deleted is managed, and what is only read is not", async () => {
  const { report, orders } = await stackOf(({ events, orders }) => ({
    resources: [
      providerState(),
      held("main", "Formation", events.id, { also: { delete: true } }),
      held("main", "Formation", orders.id, { also: { external: true } }),
      held("next", "Formation", "0123456789abcdef0123456789a", {
        also: { pendingReplacement: true },
      }),
    ],
  }));

  const found = await report("--system", "citus");

  expect(unmanagedIn(found)).toEqual(["orders"]);
  expect(found.resources.find(({ id }) => id === orders.id)?.managers).toEqual([]);
  expect(missingIn(found)).toEqual([]);
});

test("what an interrupted creation may have left is the stack's", async () => {
  const { report } = await stackOf(() => {
    const interrupted = held("main", "Formation", "");
    const inputs = { name: "events", region: "us-east-1" };
    return { pending: [{ ...interrupted, id: undefined, inputs }] };
  });

  expect(unmanagedIn(await report("--system", "citus"))).toEqual(["orders"]);
});

test("several stacks are considered; without a name, all of the project", async () => {
  const all = await fleet();
  const stack = stubStack({
    config: {},
    stacks: [
      { name: "production", resources: [held("a", "Formation", all.events.id)] },
      {
        name: "staging",
        resources: [held("b", "Formation", all.orders.id), held("c", "Formation", all.events.id)],
      },
    ],
  });

  const { code, out } = await stack.formations("discover", "--json", "--unmanaged");
  const found = reportIn({ out });
  const text = await stack.formations("discover", "--system", "citus");

  expect([code, found.stacks]).toEqual([2, ["production", "staging"]]);
  expect(namesIn(found)).not.toContain("events");
  expect(namesIn(found)).toContain("reports");
  expect(text.out).toMatch(/events .*│ production, staging │/);
  expect(text.out).toContain("Managed by several stacks: events (production, staging).");
  expect(text.out).toMatch(
    /2 resources were found: 2 are managed by production or staging, 0 by no stack\./,
  );
});

test("--unmanaged ends with 0 if every resource is managed and none is missing", async () => {
  const { run } = await stackOf(({ events, orders }) => ({
    resources: [held("a", "Formation", events.id), held("b", "Formation", orders.id)],
  }));

  const { code, out } = await run("--system", "citus", "--unmanaged");

  expect([code, out]).toEqual([
    0,
    "2 resources were found: 2 are managed by production, 0 by no stack.",
  ]);
});

test("a run in progress is said, since what it creates looks unmanaged", async () => {
  const holder = {
    pid: 1,
    username: "ada",
    hostname: "elsewhere",
    timestamp: "2026-01-01T00:00:00Z",
  };
  const all = await fleet();
  const stack = stubStack({ config: {}, lock: holder });
  expect(all.events.name).toBe("events");

  const { err } = await stack.formations("discover", "--system", "citus", "--stack", "test");

  expect(err).toMatch(/test: a run is in progress, .*ada on elsewhere/);
});

test("the prices of what no stack manages are added up, by what the servers list or by a file", async () => {
  const { run, report, akkeris, crunchyBridge, folder } = await stackOf(() => ({
    resources: [held("web", "AppFormation", "shop-dev/web")],
  }));
  const file = `${folder}/prices.json`;
  await import("../command.ts").then(({ formations }) => formations("prices", "--output", file));
  for (const one of [akkeris, crunchyBridge]) sentTo(one);

  const now = await report("--prices");
  expect(now.monthly).toEqual({
    // Two formations of Citus and a secret of Antfly have no published price.
    all: { dollars: 500, unpriced: 3 },
    unmanaged: { dollars: 420, unpriced: 3 },
  });
  expect(now.resources.find(({ name }) => name === "reports")?.cost).toEqual({
    dollars: 300,
    note: "without a standby (high availability), whose price is not published",
  });
  expect(sentTo(akkeris)).toContain("GET /sizes");
  expect(sentTo(crunchyBridge)).toContain("GET /providers");

  const { out } = await run("--unmanaged", "--prices", file);
  expect(out).toContain("What no stack manages costs $420 per month; no price is known of 3.");
  expect(out).toMatch(/shop-prod\/web .*│ \$80 +│/);
  expect(sentTo(akkeris)).not.toContain("GET /sizes");

  configure({ crunchyBridgeApiKey: undefined });
  const partial = await report("--prices");
  expect(partial.monthly?.all).toEqual({ dollars: 200, unpriced: 3 });
});

test("accounts are those of the stack where the environment configures none", async () => {
  const { run, citus } = await stackOf(({ of }) => ({ config: of.citus }));
  configure({ citusToken: undefined, akkerisToken: undefined, antflyUrl: undefined });
  configure({ crunchyBridgeApiKey: undefined, citusUrl: undefined });

  const { code, out, err } = await run("--json");

  expect([code, namesIn(reportIn({ out }))]).toEqual([0, ["events", "orders"]]);
  expect(reportIn({ out }).resources[0]).toMatchObject({ account: "Citus Cloud" });
  expect(reportIn({ out }).resources[0]).not.toHaveProperty("provider");
  expect(err.match(/^Skipped /gm)).toHaveLength(3);
  expect(sentTo(citus)).toHaveLength(3);
});

test("a provider whose configuration the next run creates is no account yet", async () => {
  const { report } = await stackOf(() => ({
    resources: [
      provider("later", { citusToken: unknownValue, citusUrl: "http://localhost:1" }).state,
    ],
  }));

  const found = await report("--system", "citus");

  expect([found.isComplete, namesIn(found)]).toEqual([true, ["events", "orders"]]);
});
