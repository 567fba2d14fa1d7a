import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { killProcesses } from "../../build/engine/process.ts";
import { resourceNamed } from "../../build/engine/state.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import type { CrunchyBridgeSimulator } from "../../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";
import { args as formationArgs, living } from "./formation-support.ts";
import type { Program } from "./lifecycle/program.ts";
import { startStack } from "./stack.ts";
import { recover, told } from "./support.ts";
import { accessTo, primaryId, startAkkeris, startBridge, startCitus } from "./world.ts";

const app = "foo-default";

const declared: Program = {
  data: { type: "Formation", properties: formationArgs },
  copy: { type: "Replica", properties: { clusterId: primaryId, environment: "production" } },
  job: {
    type: "AppFormation",
    properties: {
      ...{ app, type: "job", size: "gp2", quantity: 3, command: "run", oneoff: true },
      options: { image: "registry.invalid/job:1", env: { KEY: "env-value-7d1f" } },
    },
  },
  key: { type: "AntflySecret", properties: { key: "openai.key", value: "secret-value-e80a" } },
};

async function world() {
  const citus = await startCitus();
  const bridge = await startBridge();
  const akkeris = await startAkkeris(app);
  const antfly = await running(new AntflySimulator());
  const systems = [citus, bridge, akkeris];
  return {
    ...{ citus, bridge, akkeris, antfly, config: accessTo(...systems, antfly) },
    /** Each creation takes effect, and nobody hears of it. */
    silence: () => {
      const kind = { type: "hang", apply: true } as const;
      for (const one of systems) one.order({ method: "POST", kind });
      antfly.order({ method: "PUT", kind });
    },
    /** How many creations each system was asked for; a secret is stored by PUT. */
    posts: () => [...systems.map((one) => one.count("POST")), antfly.count("PUT")],
  };
}

function replicaOf({ clusters }: CrunchyBridgeSimulator) {
  const [replica, ...others] = [...clusters.values()].filter(({ id }) => id !== primaryId);
  if (!replica || others.length > 0) throw new Error("there is not one replica");
  return replica;
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
}

test.each(["dynamic", "plugin"] as const)(
  "%s: what a killed run created is taken into the state, and nothing is created twice",
  async (host) => {
    const { citus, bridge, akkeris, antfly, config, silence, posts } = await world();
    const { workspace } = await startStack(declared, { host, config });
    silence();
    const run = workspace.start(["up", "--yes", "--skip-preview"]);
    await expect.poll(posts, { timeout: 60_000 }).toEqual([1, 1, 1, 1]);
    run.crash();
    await run.done;

    for (const flags of [["--yes"], []]) {
      const locked = await recover(workspace, ...flags);
      expect(locked.code).toBe(1);
      expect(locked.stderr).toMatch(/holds the lock of stack test: .*which is no longer running/);
      expect(locked.stderr).toContain("pulumi cancel");
    }
    expect(readdirSync(workspace.project).join()).not.toContain("before-recovery");
    await workspace.pulumi(["cancel", "--yes"]);

    // Else the engine asks for nothing more when the first of them fails.
    const going = { expectFailure: true, args: ["--continue-on-error"] };
    const again = await workspace.up(going);
    for (const id of [living(citus).id, replicaOf(bridge).id, `${app}/job`, "openai.key"]) {
      expect(told(again)).toMatch(
        new RegExp(`formations recover --yes --adopt '?[^' ]+=${id}'?\``),
      );
    }
    for (const one of [citus, bridge, akkeris, antfly]) one.clearRequests();

    const before = await workspace.exportState();
    const shown = await recover(workspace);
    expect(shown.code, shown.stdout + shown.stderr).toBe(0);
    expect(shown.stdout).toContain(`data (Formation): adopt ${living(citus).id}`);
    expect(shown.stdout).toContain("--yes");
    expect(shown.stdout).not.toContain("env-value-7d1f");
    expect(await workspace.exportState()).toEqual(before);

    const done = await recover(workspace, "--yes");
    expect(done.code, done.stdout + done.stderr).toBe(0);
    const state = await workspace.exportState();
    expect(state.deployment.pending_operations ?? []).toEqual([]);
    expect(JSON.stringify(state)).not.toMatch(/env-value-7d1f|secret-value-e80a/);
    expect(JSON.stringify(state)).not.toContain(new URL(living(citus).database_url).password);

    const after = await workspace.up();
    expect(told(after)).not.toContain("pending");
    expect((await workspace.preview()).changes, told(after)).toEqual({ same: 4 });
    // What is stored under the key may be another value.
    expect(posts()).toEqual([0, 0, 0, 1]);
    expect(resourceNamed(await workspace.exportState(), "job").outputs?.quantity).toBe(3);
    expect(akkeris.count("PATCH")).toBe(1);

    await workspace.destroy();
    expect(bridge.clusters.size).toBe(1);
    expect(akkeris.formations(app).map(({ type }) => type)).toEqual(["web"]);
    expect([...antfly.secrets.keys()]).toEqual([]);
  },
);

test("a creation that only its plugin lived to see is found by what a preview would create", async () => {
  const { citus, config, silence, posts } = await world();
  const { workspace } = await startStack(declared, { config });
  silence();
  const run = workspace.start(["up", "--yes", "--skip-preview"]);
  await expect.poll(posts, { timeout: 60_000 }).toEqual([1, 1, 1, 1]);
  const plugins = run.descendants().filter((pid) => /bin\/plugin\//.test(commandOf(pid)));
  killProcesses(plugins);
  expect((await run.done).code).not.toBe(0);
  const { deployment } = await workspace.exportState();
  expect(deployment.pending_operations ?? []).toEqual([]);

  const interruptedOnly = await recover(workspace, "--no-preview");
  expect(interruptedOnly.stdout).toContain("Nothing to recover");
  const done = await recover(workspace, "--yes");
  expect(done.code, done.stdout + done.stderr).toBe(0);
  await workspace.up();

  expect((await workspace.preview()).changes).toEqual({ same: 4 });
  // The value that is stored there may be another: it is stored once more.
  expect(posts()).toEqual([1, 1, 1, 2]);
  expect(living(citus).state).toBe("steady");
  expect(JSON.stringify(await workspace.exportState())).not.toContain("env-value-7d1f");
});

test("what has the name but not the size that the program asks is taken only when it is named", async () => {
  const { akkeris, config } = await world();
  const resources = (size: string) => ({
    job: {
      type: "AppFormation",
      properties: { app, type: "job", size, quantity: 1, command: "run" },
    },
  });
  const other = await startStack(resources("gp1"), { config });
  await other.workspace.up();
  const { workspace } = await startStack(resources("gp2"), { config });

  const shown = await recover(workspace, "--yes");
  expect(shown.code).toBe(2);
  expect(shown.stdout).toContain('size is "gp1", not "gp2"');
  expect(shown.stdout).toContain(`formations recover --yes --adopt job=${app}/job\n`);
  const { deployment } = await workspace.exportState();
  expect(deployment.resources).toEqual([]);

  const wrong = await recover(workspace, "--yes", "--adopt", `nothing=${app}/job`);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain("nothing is not a pending creation");
  const adopted = await recover(workspace, "--yes", "--adopt", `job=${app}/job`);
  expect(adopted.code, adopted.stdout + adopted.stderr).toBe(0);
  await workspace.up();
  expect(akkeris.formation(app, "job")?.size).toBe("gp2");
  expect(akkeris.formations(app)).toHaveLength(2);
});

test("a replacement whose response was lost is adopted with its secrets, whichever of the two went first", async () => {
  const { citus, akkeris, config } = await world();
  const resources = (workerCount: number, mode: string, options = {}) => ({
    data: {
      type: "Formation",
      properties: { ...formationArgs, workerCount },
      options,
    },
    job: {
      type: "AppFormation",
      properties: {
        ...{ app, type: "job", size: "gp1", quantity: 1, command: "run", oneoff: true },
        options: { env: { MODE: mode, KEY: "env-value-7d1f" } },
      },
      options,
    },
  });
  const { workspace, declare } = await startStack(resources(2, "one"), { config });
  await workspace.up();
  const [old] = citus.formations.keys();

  await declare(resources(3, "two", { customTimeouts: { create: "3s" } }));
  for (const one of [citus, akkeris]) {
    one.order({ method: "POST", kind: { type: "hang", apply: true } });
  }
  await workspace.up({ expectFailure: true, args: ["--continue-on-error"] });

  const done = await recover(workspace, "--yes");
  expect(done.code, done.stdout + done.stderr).toBe(0);
  await declare(resources(3, "two"));
  await workspace.up();
  expect((await workspace.preview()).changes).toEqual({ same: 2 });
  const row = akkeris.formation(app, "job");
  expect(row?.options).toEqual({ env: { MODE: "two", KEY: "env-value-7d1f" } });
  expect(akkeris.formations(app).map(({ type }) => type)).toEqual(["web", "job"]);
  expect(living(citus).tune_attributes.worker_count).toBe(3);
  expect(citus.formations.get(old ?? "")?.state).toBe("archived");
});
