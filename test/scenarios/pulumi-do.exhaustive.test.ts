import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { runCommand } from "../../build/engine/process.ts";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { repository } from "../../build/repository.ts";
import { functions } from "../../provider/index.ts";
import { environmentVariable } from "../../provider/resource/config.ts";
import { Platform } from "../../simulators/platform.ts";
import { running } from "../simulators/kit/testing.ts";
import { systems } from "../subjects.ts";
import { installPlugin, printed, pulumiDo } from "./pulumi-do-support.ts";

/** What a command shows of a resource. */
const shown = z.looseObject({ id: z.string() });

const clusterId = "rvf73a77ozfsvcttryebfrnlem";

/** An account of each system, and a workspace whose commands reach them. */
async function platformWorkspace() {
  const platform = await new Platform(5_000).start();
  onTestFinished(() => platform.close());
  const env = { ...platform.urls, ...platform.tokens };
  return { platform, workspace: await workspaceWith(env) };
}

/** A project with a stack, without resources, and the installed plugin. */
async function workspaceWith(env: Record<string, string>) {
  const workspace = await createWorkspace({
    program: "",
    files: { "Pulumi.yaml": "name: scenario\nruntime: yaml\n" },
    package: "none",
    env: { ...env, FORMATIONS_CITUS_REQUESTS_PER_MINUTE: "6000" },
  });
  onTestFinished(() => workspace.dispose());
  await installPlugin(workspace);
  return workspace;
}

/** One resource per system: how it is made, and what changes it in place. */
const lives = [
  {
    type: "Formation",
    args: ["--worker-count", "2"],
    pcl: `region = "us-east-1"
coordinatorTune = "r5.large"
coordinatorDiskSize = 512
workerTune = "r5.large"
workerDiskSize = 512
`,
    change: undefined,
    wrong: { args: ["--worker-count", "3"], error: "workerCount: 2 → 3: replace" },
  },
  {
    type: "Replica",
    args: ["--cluster-id", clusterId, "--name", "readers"],
    change: { args: ["--storage", "200"], result: { storage: 200 } },
    wrong: { args: ["--network-id", clusterId], error: "replace" },
  },
  {
    type: "AppFormation",
    args: ["--app", "shop-dev", "--type", "worker", "--quantity", "1", "--command", "node x.js"],
    pcl: `size = "gp1"\n`,
    change: { args: ["--quantity", "3"], result: { quantity: 3 } },
    wrong: { args: ["--oneoff"], error: "oneoff" },
  },
  {
    type: "AntflySecret",
    args: ["--key", "openai.api_key", "--value", "sk-7d15"],
    change: { args: ["--value", "sk-7d16"], result: {} },
    wrong: { args: ["--key", "other", "--value", "sk-7d17"], error: "key: " },
  },
];

test.each(lives)(
  "without a stack a $type is created, listed, read, changed where it can be, and deleted",
  async ({ type, args, pcl, change, wrong }) => {
    const { workspace } = await platformWorkspace();
    const isStateless = true;
    const run = (...words: string[]) => pulumiDo(workspace, [type, ...words], { isStateless });
    const json = ["--output", "json"];
    const create = ["create", ...args, ...json] as const;

    // Status lines of the wait would otherwise precede the JSON.
    const made = pulumiDo(workspace, [type, ...create], { isStateless, pcl });
    const created = shown.parse(await printed(made));
    const { id } = created;

    const listed = await printed(workspace.pulumi(["do", `formations:index:${type}`, "list"]));
    expect(listed).toContainEqual(expect.objectContaining({ id }));
    const read = () =>
      printed(workspace.pulumi(["do", `formations:index:${type}`, "read", id, ...json]));
    const { value: _, ...readable } = created;
    expect(await read()).toEqual(readable);

    const refused = await run("patch", id, ...wrong.args);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(wrong.error)]);
    expect(await read()).toEqual(readable);
    if (change) {
      expect(await printed(run("patch", id, ...change.args, ...json))).toMatchObject(change.result);
      expect(await read()).toMatchObject(change.result);
    }

    expect((await run("delete", id)).code).toBe(0);
    expect((await run("delete", id)).stderr).toContain("was not found");
  },
);

test("every function prints what the schema says it returns", async () => {
  const env: Record<string, string> = {};
  for (const system of systems) {
    const simulator = await running(system.simulator());
    system.addExamples(simulator);
    for (const [key, value] of Object.entries(system.access(simulator))) {
      env[environmentVariable(key)] = typeof value === "string" ? value : value.secret;
    }
  }
  const workspace = await workspaceWith(env);
  for (const { name, example = {}, result } of functions) {
    const flags = Object.entries(example).flatMap(([key, value]) => [
      `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      String(value),
    ]);
    const found = await printed(pulumiDo(workspace, [name, ...flags]));
    const keys = Object.keys(z.record(z.string(), z.unknown()).parse(found));
    expect(
      keys.filter((key) => !(key in result.shape)),
      name,
    ).toEqual([]);
    expect(keys, name).not.toEqual([]);
  }
});

test("in a stack a formation is named after the stack, waited for, and stays when the program runs", async () => {
  const { platform, workspace } = await platformWorkspace();
  const [formation] = lives;
  const pcl = formation?.pcl;

  const created = await pulumiDo(
    workspace,
    ["Formation", "create", "events", "--yes", "--worker-count", "2"],
    { pcl },
  );

  expect(created.code, created.stderr).toBe(0);
  expect([...platform.citus.formations.values()]).toEqual([
    expect.objectContaining({ name: expect.stringMatching(/^events-[0-9a-f]{7}$/) }),
  ]);
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
  const { snippets } = await deploymentOf(workspace);
  expect(snippets).toHaveLength(1);
  expect((await workspace.destroy()).changes).toEqual({ delete: 1 });
});

test("a schedule is kept by a stack, and refused without one", async () => {
  const { workspace } = await platformWorkspace();
  const place = ["--location", "s3://example-backups/nightly", "--connection", "backups"];
  const schedule = ["--schedule", "0 3 * * *", ...place];
  const run = (...words: string[]) => pulumiDo(workspace, ["AntflyBackupSchedule", ...words]);

  const refused = await run("create", "--stateless", "--yes", ...schedule);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining("exists only in a stack's state"),
  ]);

  expect((await run("create", "nightly", "--yes", ...schedule)).code).toBe(0);
  expect((await run("patch", "nightly", "--yes", "--schedule", "0 4 * * *")).code).toBe(0);
  const { resources } = await deploymentOf(workspace);
  expect(resources).toContainEqual(
    expect.objectContaining({
      type: "formations:index:AntflyBackupSchedule",
      outputs: expect.objectContaining({ schedule: "0 4 * * *" }),
    }),
  );
  expect((await run("delete", "nightly", "--yes")).code).toBe(0);
});

test("the commands of the page work word for word, and leave nothing", async () => {
  const { platform, workspace } = await platformWorkspace();
  platform.citus.addFormation({ id: "5d2f0c6b9a1e47388b24c7e61fa", name: "events" });
  platform.akkeris.addFormation("shop-dev");
  const page = readFileSync(join(repository, "docs", "pulumi-do.md"), "utf8");
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
  expect(blocks.length).toBeGreaterThan(4);
  for (const block of blocks) {
    const { code, stdout, stderr } = await runCommand("/bin/sh", ["-ec", block], {
      cwd: workspace.project,
      env: workspace.env,
      timeoutMs: 300_000,
    });
    expect(code, `${block}\n${stdout}${stderr}`).toBe(0);
  }
  expect(platform.akkeris.formations("shop-dev").map(({ type }) => type)).toEqual(["web"]);
  expect([...platform.systems.values()].flatMap(({ unexpected }) => unexpected)).toEqual([]);
});

/** What the stack's state has, with what `pulumi do` was given. */
async function deploymentOf(workspace: Awaited<ReturnType<typeof workspaceWith>>) {
  const { stdout } = await workspace.pulumi(["stack", "export"]);
  return z
    .object({
      deployment: z.object({
        snippets: z.array(z.unknown()).default([]),
        resources: z.array(z.unknown()),
      }),
    })
    .parse(JSON.parse(stdout)).deployment;
}
