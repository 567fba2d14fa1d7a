import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killProcesses } from "../../build/engine/process.ts";
import type { ResourceState, RunningCommand, Workspace } from "../../build/engine/workspace.ts";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { CrunchyBridgeSimulator } from "../../simulators/crunchybridge.ts";
import type { Simulator } from "../../simulators/kit/simulator.ts";
import { running } from "../simulators/kit/testing.ts";
import { args as formation, hurriedCitus, living } from "./formation-support.ts";
import { declaration, recover, startStack } from "./support.ts";
import { reference, yamlStack } from "./yaml.ts";

const primaryId = "rvf73a77ozfsvcttryebfrnlem";
const app = "foo-default";

async function bridgeWorld() {
  const bridge = await running(new CrunchyBridgeSimulator({ speed: 5000 }));
  bridge.addCluster({ id: primaryId, name: "orders" });
  const config = {
    "formations:crunchyBridgeUrl": bridge.url,
    "formations:crunchyBridgeApiKey": { secret: bridge.token },
  };
  return { bridge, config, replicas: () => bridge.clusters.size - 1 };
}

async function akkerisWorld() {
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp(app);
  const config = {
    "formations:akkerisUrl": akkeris.url,
    "formations:akkerisToken": { secret: akkeris.token },
  };
  return { akkeris, config };
}

/** The next such request takes effect, and nobody hears of it. */
function silence(simulator: Simulator, method: string): void {
  simulator.order({ method, kind: { type: "hang", apply: true } });
}

/** What is killed: `pulumi` and all that it started, or the plugin alone. */
type Victim = "all" | "plugin";

/** Starts `pulumi`, waits until something came, and kills. */
async function killed(workspace: Workspace, verb: string, victim: Victim, came: () => boolean) {
  const run = workspace.start([verb, "--yes", "--skip-preview"]);
  await expect.poll(came, { timeout: 60_000 }).toBe(true);
  if (victim === "all") run.kill();
  else killProcesses(pluginsOf(run));
  await run.done;
  await workspace.pulumi(["cancel", "--yes"]);
}

/** A stack whose creation of a formation took effect, and was killed before anybody heard of it. */
async function killedCreation() {
  const { citus, config } = await hurriedCitus();
  const data = { type: "formations:index:Formation", properties: formation };
  const { workspace } = await yamlStack({ data }, config);
  silence(citus, "POST");
  await killed(workspace, "up", "all", () => citus.count("POST") === 1);
  return { citus, workspace };
}

function pluginsOf(run: RunningCommand): number[] {
  return run.descendants().filter((pid) => {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("bin/plugin/");
  });
}

/** Recovers and goes on: all is clear then, and the next run has nothing to do. */
async function recovered(workspace: Workspace, resources: number): Promise<string> {
  const { code, stdout, stderr } = await recover(workspace, "--yes");
  expect(code, stdout + stderr).toBe(0);
  await workspace.up();
  const { changes } = await workspace.preview({ args: ["--refresh"] });
  expect(changes, stdout).toEqual({ same: resources });
  return stdout;
}

async function live(workspace: Workspace, name: string): Promise<ResourceState[]> {
  const { deployment } = await workspace.exportState();
  return deployment.resources.filter((one) => one.urn.endsWith(`::${name}`) && !one.delete);
}

test("what hangs on a creation that did not end is created after it", async () => {
  const { bridge, config, replicas } = await bridgeWorld();
  const type = "formations:index:Replica";
  const { workspace } = await yamlStack(
    {
      copy: { type, properties: { clusterId: primaryId } },
      copyOfCopy: { type, properties: { clusterId: reference("copy.id") } },
    },
    config,
  );
  silence(bridge, "POST");
  await killed(workspace, "up", "all", () => bridge.count("POST") === 1);

  const said = await recovered(workspace, 2);

  expect(said).toMatch(/copy \(Replica\): adopt/);
  expect(said).toMatch(/copyOfCopy \(Replica\): its \w+ depends on a resource that does not exist/);
  expect(replicas()).toBe(2);
});

test.each<Victim>(["all", "plugin"])(
  "what a destruction had deleted when %s was killed is created again, names and all",
  async (victim) => {
    const { citus, config } = await hurriedCitus();
    const { bridge, config: bridgeConfig, replicas } = await bridgeWorld();
    const { workspace } = await yamlStack(
      {
        data: { type: "formations:index:Formation", properties: { ...formation, name: "data" } },
        copy: {
          type: "formations:index:Replica",
          properties: { clusterId: primaryId, name: "reports" },
        },
      },
      { ...config, ...bridgeConfig },
    );
    await workspace.up();
    const { id } = living(citus);
    // Long enough to be still under way afterwards: some seconds of this machine.
    bridge.destroyingSeconds = 30_000;
    for (const one of [citus, bridge]) silence(one, "DELETE");
    const deletions = () => citus.count("DELETE") + bridge.count("DELETE");
    await killed(workspace, "destroy", victim, () => deletions() === 2);

    const said = await recovered(workspace, 2);

    expect(said).toContain(`${id} is removed from the state`);
    expect(living(citus).id).not.toBe(id);
    expect(replicas()).toBe(1);
    expect(bridge.count("POST")).toBeGreaterThan(1);
  },
);

test.each<Victim>(["all", "plugin"])(
  "a replacement in the place of what it replaces survives that %s was killed",
  async (victim) => {
    const { akkeris, config } = await akkerisWorld();
    const job = (tag: string) => ({
      job: {
        type: "formations:index:AppFormation",
        properties: {
          ...{ app, type: "job", size: "gp1", quantity: 3, command: "run", oneoff: true },
          options: { image: `jobs:${tag}`, env: { KEY: "env-value-7d1f" } },
        },
      },
    });
    const { workspace, declare } = await yamlStack(job("1"), config);
    await workspace.up();
    akkeris.clearRequests();
    await declare(job("2"));
    silence(akkeris, "POST");
    await killed(workspace, "up", victim, () => akkeris.count("POST") === 1);

    const said = await recovered(workspace, 1);

    expect(said).toContain(`adopt ${app}/job`);
    expect(akkeris.formation(app, "job")?.quantity).toBe(3);
    expect([akkeris.count("POST"), akkeris.count("DELETE")]).toEqual([1, 1]);
    const [held] = await live(workspace, "job");
    expect(held?.inputs).toMatchObject({ options: { image: "jobs:2" } });
  },
);

test("a secret that moves to another server keeps its value, though its plugin was killed", async () => {
  const [here, there] = [
    await running(new AntflySimulator()),
    await running(new AntflySimulator()),
  ];
  const config = {
    "formations:antflyUrl": here.url,
    "formations:antflyApiKey": { secret: here.token },
  };
  const key = (url: string) => ({
    openai: {
      type: "formations:index:AntflySecret",
      properties: { key: "openai.key", value: "sk-d41c", url },
    },
  });
  const { workspace, declare } = await yamlStack(key(here.url), config);
  await workspace.up();
  await declare(key(there.url));
  silence(there, "PUT");
  await killed(workspace, "up", "plugin", () => there.count("PUT") === 1);

  const { code, stdout } = await recover(workspace, "--yes");

  expect(code, stdout).toBe(0);
  expect(stdout).toContain("openai (AntflySecret): adopt openai.key");
  const [held] = await live(workspace, "openai");
  expect(held?.inputs).toHaveProperty("value");
  await workspace.up();
  expect([here, there].map(({ secrets }) => [...secrets.keys()])).toEqual([[], ["openai.key"]]);
  expect(there.secrets.get("openai.key")?.value).toBe("sk-d41c");
  expect((await workspace.preview({ args: ["--refresh"] })).changes).toEqual({ same: 1 });
});

test("what was killed twice is taken in once", async () => {
  const { citus, workspace } = await killedCreation();
  citus.clearRequests();
  citus.order({ method: "GET", kind: { type: "hang", apply: false } });
  await killed(workspace, "up", "all", () => citus.count("GET") === 1);
  const { deployment } = await workspace.exportState();
  expect(deployment.pending_operations).toHaveLength(2);

  await recovered(workspace, 1);

  expect(citus.count("DELETE")).toBe(0);
  expect(living(citus).state).toBe("steady");
});

test("what a kill cuts off beside the state is named, and moved away if the user says so", async () => {
  const { citus, workspace } = await killedCreation();
  const state = join(workspace.project, "..", "state", ".pulumi", "stacks", "scenario");
  const cutOff = join(state, "test.json.attrs");
  writeFileSync(cutOff, '{"user.cache_control":"","user.con');

  const shown = await recover(workspace);

  expect(shown.code).toBe(1);
  expect(shown.stderr).toContain(`left an incomplete file: ${cutOff}`);
  expect(readFileSync(cutOff, "utf8")).toContain("user.con");
  writeFileSync(cutOff, "");
  await recovered(workspace, 1);
  expect(living(citus).state).toBe("steady");
  const copies = readdirSync(workspace.project).filter((name) =>
    name.includes("-before-recovery-"),
  );
  expect(copies.toSorted()).toEqual([
    expect.stringMatching(/^state-before-recovery-.*\.json$/),
    expect.stringMatching(/^test\.json\.attrs-before-recovery-/),
  ]);
});

test("the dynamic host's provider ends with an engine that was killed", async () => {
  const { citus } = await hurriedCitus();
  const { workspace } = await startStack(declaration("Formation", formation), {
    config: {
      citusUrl: citus.url,
      citusToken: { secret: citus.token },
      citusRequestsPerMinute: "6000",
    },
  });
  silence(citus, "POST");
  const run = workspace.start(["up", "--yes", "--skip-preview"]);
  await expect.poll(() => citus.count("POST"), { timeout: 60_000 }).toBe(1);
  const providers = run.descendants().filter((pid) => {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("dynamic-provider");
  });
  expect(providers).not.toEqual([]);

  run.crash();
  await run.done;

  const left = () => providers.filter((pid) => existsSync(`/proc/${pid}`));
  await expect.poll(left, { timeout: 10_000 }).toEqual([]);
});
