import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killProcesses } from "../../build/engine/process.ts";
import type { ResourceState, RunningCommand, Workspace } from "../../build/engine/workspace.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import type { CrunchyBridgeSimulator } from "../../simulators/crunchybridge.ts";
import type { Simulator } from "../../simulators/kit/simulator.ts";
import { running } from "../simulators/kit/testing.ts";
import { args as formation, living } from "./formation-support.ts";
import { Reference } from "./lifecycle/program.ts";
import { startStack } from "./stack.ts";
import { recover } from "./support.ts";
import { accessTo, primaryId, startAkkeris, startBridge, startCitus } from "./world.ts";

const app = "foo-default";

/** How many clusters there are besides the primary. */
function replicasIn({ clusters }: CrunchyBridgeSimulator): number {
  return clusters.size - 1;
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
  const citus = await startCitus();
  const data = { type: "Formation", properties: formation };
  const { workspace } = await startStack({ data }, { config: accessTo(citus) });
  silence(citus, "POST");
  await killed(workspace, "up", "all", () => citus.count("POST") === 1);
  return { citus, workspace };
}

function pluginsOf(run: RunningCommand): number[] {
  return run.descendants().filter((pid) => {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return /bin\/plugin\/|dynamic-provider/.test(command);
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
  const bridge = await startBridge();
  const type = "Replica";
  const { workspace } = await startStack(
    {
      copy: { type, properties: { clusterId: primaryId } },
      copyOfCopy: { type, properties: { clusterId: new Reference("copy", "id") } },
    },
    { config: accessTo(bridge) },
  );
  silence(bridge, "POST");
  await killed(workspace, "up", "all", () => bridge.count("POST") === 1);

  const said = await recovered(workspace, 2);

  expect(said).toMatch(/copy \(Replica\): adopt/);
  expect(said).toMatch(/copyOfCopy \(Replica\): its \w+ depends on a resource that does not exist/);
  expect(replicasIn(bridge)).toBe(2);
});

test.each<Victim>(["all", "plugin"])(
  "what a destruction had deleted when %s was killed is created again, names and all",
  async (victim) => {
    const citus = await startCitus();
    const bridge = await startBridge();
    const { workspace } = await startStack(
      {
        data: { type: "Formation", properties: { ...formation, name: "data" } },
        copy: { type: "Replica", properties: { clusterId: primaryId, name: "reports" } },
      },
      { config: accessTo(citus, bridge) },
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
    expect(replicasIn(bridge)).toBe(1);
    expect(bridge.count("POST")).toBeGreaterThan(1);
  },
);

test.each<Victim>(["all", "plugin"])(
  "a replacement in the place of what it replaces survives that %s was killed",
  async (victim) => {
    const akkeris = await startAkkeris(app);
    const job = (tag: string) => ({
      job: {
        type: "AppFormation",
        properties: {
          ...{ app, type: "job", size: "gp1", quantity: 3, command: "run", oneoff: true },
          options: { image: `jobs:${tag}`, env: { KEY: "env-value-7d1f" } },
        },
      },
    });
    const { workspace, declare } = await startStack(job("1"), { config: accessTo(akkeris) });
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

test("on the dynamic host, a replacement that only its provider lived to see is found", async () => {
  const bridge = await startBridge();
  const reports = (regionId: string) => ({
    reports: {
      type: "Replica",
      properties: {
        clusterId: primaryId,
        name: "reports",
        providerId: "aws",
        planId: "standard-8",
        regionId,
      },
    },
  });
  const { workspace, declare } = await startStack(reports("us-west-2"), {
    config: accessTo(bridge),
    host: "dynamic",
  });
  await workspace.up();
  bridge.clearRequests();
  await declare(reports("eu-west-1"));
  silence(bridge, "POST");
  await killed(workspace, "up", "plugin", () => bridge.count("POST") === 1);

  // Its preview knows what it replaces, and shows what the server will make as unknown.
  const said = await recovered(workspace, 1);

  expect(said).toMatch(/reports \(Replica\): adopt/);
  expect([bridge.count("POST"), replicasIn(bridge)]).toEqual([1, 1]);
  const [held] = await live(workspace, "reports");
  expect(Object.keys(held?.inputs ?? {})).not.toContain("__foreseen");
  expect(held?.inputs).toMatchObject({ regionId: "eu-west-1" });
});

test("a secret that moves to another server keeps its value, though its plugin was killed", async () => {
  const [here, there] = [
    await running(new AntflySimulator()),
    await running(new AntflySimulator()),
  ];
  const key = (url: string) => ({
    openai: {
      type: "AntflySecret",
      properties: { key: "openai.key", value: "sk-d41c", url },
    },
  });
  const { workspace, declare } = await startStack(key(here.url), { config: accessTo(here) });
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
  const citus = await startCitus();
  const data = { type: "Formation", properties: formation };
  const options = { host: "dynamic", config: accessTo(citus) } as const;
  const { workspace } = await startStack({ data }, options);
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
