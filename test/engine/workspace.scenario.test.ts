import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import {
  createWorkspace,
  type Workspace,
  type WorkspaceOptions,
} from "../../build/engine/workspace.ts";

let workspace: Workspace;

async function make(program: string, options: Partial<WorkspaceOptions> = {}): Promise<Workspace> {
  workspace = await createWorkspace({ program, package: "none", ...options });
  return workspace;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await workspace.dispose();
});

test("a program sees its workspace's environment and nothing of the user's", async () => {
  vi.stubEnv("FORMATIONS_CITUS_TOKEN", "the user's");
  vi.stubEnv("HTTPS_PROXY", "http://proxy.invalid");
  await make(
    `const { FORMATIONS_CITUS_TOKEN, HTTPS_PROXY, FORMATIONS_CITUS_URL, HOME } = process.env;
     export const seen = { FORMATIONS_CITUS_TOKEN, HTTPS_PROXY, FORMATIONS_CITUS_URL, HOME };`,
    { env: { FORMATIONS_CITUS_URL: "http://127.0.0.1:1" } },
  );

  const { outputs } = await workspace.up();

  expect(outputs.seen).toEqual({
    FORMATIONS_CITUS_URL: "http://127.0.0.1:1",
    HOME: workspace.env.HOME,
  });
});

test("a secret of the configuration is readable by the program and encrypted in its file", async () => {
  await make(
    `import * as pulumi from "@pulumi/pulumi";
     export const token = new pulumi.Config("formations").requireSecret("citusToken");
     export const length = pulumi.unsecret(token).apply((value) => value.length);`,
    { config: { "formations:citusToken": { secret: "hunter22" } } },
  );

  expect((await workspace.up()).outputs).toEqual({ token: "[secret]", length: 8 });
  const { stdout } = await workspace.pulumi(["config", "--json"]);
  expect(JSON.parse(stdout)).toEqual({ "formations:citusToken": { secret: true } });
});

test("a type error stops the program when types are checked, as a user has it", async () => {
  await make(`export const size: number = "large";`, { form: "checked" });

  const { diagnostics } = await workspace.up({ expectFailure: true });

  expect(diagnostics).toContainEqual(
    expect.objectContaining({
      severity: "error",
      message: expect.stringContaining("Type 'string' is not assignable to type 'number'"),
    }),
  );
});

test("a program that is compiled already is run without TypeScript", async () => {
  await make(
    `const unneeded = /[\\\\/](typescript|ts-node)(@[\\d.]+)?[\\\\/]/;
     export const loaded = Object.keys(require.cache).filter((path) => unneeded.test(path));`,
  );

  expect((await workspace.up()).outputs).toEqual({ loaded: [] });
});

test("an operation that fails unasked is an error that shows what pulumi printed", async () => {
  await make(`throw new Error("the program is broken");`);

  await expect(workspace.up()).rejects.toThrow("the program is broken");
});

test("an operation that should fail and does not is an error", async () => {
  await make("");

  await expect(workspace.preview({ expectFailure: true })).rejects.toThrow(
    "pulumi preview did not fail",
  );
});

test("a copy of a project's folder runs with the settings of the chosen stack", async () => {
  const folder = await mkdtemp(join(tmpdir(), "formations-project-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const settings = (size: number) => `config:\n  shop:size: "${size}"\n`;
  await writeFile(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  await writeFile(join(folder, "package.json"), '{ "main": "index.ts" }');
  await writeFile(join(folder, "Pulumi.dev.yaml"), settings(1));
  await writeFile(join(folder, "Pulumi.production.yaml"), settings(9));
  await writeFile(
    join(folder, "index.ts"),
    `import * as pulumi from "@pulumi/pulumi";
     export const size = new pulumi.Config().requireNumber("size");
     export const stack = pulumi.getStack();`,
  );
  workspace = await createWorkspace({ program: { folder }, stack: "production", package: "none" });

  expect((await workspace.up()).outputs).toEqual({ size: 9, stack: "production" });
  expect(await readFile(join(folder, "Pulumi.production.yaml"), "utf8")).toBe(settings(9));
});

test("a YAML program runs", async () => {
  const project = "name: scenario\nruntime: yaml\noutputs:\n  answer: 42\n";
  await make("", { files: { "Pulumi.yaml": project } });

  expect((await workspace.up()).outputs).toEqual({ answer: 42 });
});

test.skipIf(process.platform === "win32")(
  "dispose ends what a crashed engine left running and removes the folder",
  async () => {
    await make(`
      import * as pulumi from "@pulumi/pulumi";
      const provider: pulumi.dynamic.ResourceProvider = {
        create: () => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 60000)),
      };
      class Slow extends pulumi.dynamic.Resource {
        constructor() { super(provider, "slow", {}, {}, "test", "Slow"); }
      }
      new Slow();`);
    const provider = "dynamic-provider/index.js";
    const command = workspace.start(["up", "--yes", "--skip-preview"]);
    while (!argumentsOf(command.descendants()).includes(provider)) await delay(50);
    const started = command.descendants();

    command.crash();
    await command.done;
    expect(argumentsOf(started)).toContain(provider);
    await workspace.dispose();

    await expect.poll(() => argumentsOf(started)).not.toContain(provider);
    expect(existsSync(workspace.project)).toBe(false);
  },
);

function argumentsOf(pids: readonly number[]): string {
  if (pids.length === 0) return "";
  const listing = execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" });
  const lines = listing.split("\n").filter((line) => pids.includes(Number.parseInt(line, 10)));
  return lines.join("\n");
}
