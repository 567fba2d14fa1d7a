import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ensureEngine } from "../../build/engine/engine.ts";
import { compiledClone } from "../../build/engine/package.ts";
import { runCommand } from "../../build/engine/process.ts";
import { platformHere } from "../../build/node-builds.ts";
import { packPlugins } from "../../build/package.ts";
import { Platform } from "../../simulators/platform.ts";
import { importing } from "../scenarios/converter-support.ts";
import { opsOf } from "../scenarios/support.ts";
import { stepsOf } from "../scenarios/typed-pages.ts";
import { startAkkeris } from "../scenarios/world.ts";
import { projectWithInstalled, version } from "./installed.ts";

/** The folder of this machine's archives, as a release has them. */
let archives: string;

beforeAll(async () => {
  archives = await mkdtemp(join(tmpdir(), "formations-archives-"));
  await packPlugins(await compiledClone(), archives, { platforms: [platformHere()] });
});

afterAll(() => rm(archives, { recursive: true }));

const program = {
  name: "scenario",
  runtime: "yaml",
  resources: {
    web: {
      type: "formations:index:AppFormation",
      properties: { app: "shop-dev", type: "web", size: "gp1", quantity: 1 },
    },
  },
};

test("without Node.js, an installed archive serves a YAML program from an otherwise empty folder", async () => {
  const platform = await new Platform(2000).start();
  onTestFinished(() => platform.close());
  const env = { ...platform.urls, ...platform.tokens };
  const workspace = await projectWithInstalled(archives, ["resource"], program, env);

  expect(opsOf(await workspace.up())).toContain("create web");
  expect(opsOf(await workspace.preview())).toEqual([]);
  expect(opsOf(await workspace.destroy())).toContain("delete web");

  const { stdout } = await workspace.pulumi(["plugin", "ls", "--json"]);
  expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ name: "formations", version })]);
});

test("without Node.js, the command of an installed archive runs what the page about simulating shows", async () => {
  const workspace = await projectWithInstalled(archives, ["resource"], program, {});
  const { project: cwd, env: bare } = workspace;
  const installed = join(bare.PULUMI_HOME ?? "", "plugins", `resource-formations-v${version}`);
  const [engine = ""] = (await ensureEngine()).directories;
  const env = { ...bare, PATH: [installed, engine, "/bin", "/usr/bin"].join(delimiter) };
  const shell = async (script: string, variables: NodeJS.ProcessEnv = env) => {
    const args = ["-c", script];
    const result = await runCommand("/bin/sh", args, { cwd, env: variables, timeoutMs: 600_000 });
    expect(result.code, result.stdout + result.stderr).toBe(0);
    return result.stdout + result.stderr;
  };
  const [first, faults, served] = [
    "A first run",
    "What goes wrong: faults",
    "Several commands, several shells",
  ].map((heading) => stepsOf("docs/simulating.md", heading)[0]?.script ?? "");

  const once = await shell(first ?? "", { ...env, PULUMI_STACK: undefined });
  expect(once).toMatch(/AppFormation web created[\s\S]*AppFormation web deleted/);
  expect(await shell(faults ?? "")).toContain('citus GET /formations/*: status 503 3 times" never');
  expect(await shell(`${served}kill $!\nwait`)).toContain("Ctrl-C ends it all");
  expect(await shell("formations help simulating")).toMatch(/^# Simulating/);
  expect(await shell("formations --version")).toBe(`${version}\n`);
});

test("where the archive's Node.js can't start, a preview says what to do", async () => {
  const workspace = await projectWithInstalled(archives, ["resource"], program, {});
  const installed = join("plugins", `resource-formations-v${version}`, "node", "loader");
  writeFileSync(join(workspace.env.PULUMI_HOME ?? "", installed), "/lib64/ld-missing.so.2\n");

  const preview = await workspace.preview({ expectFailure: true });

  expect(preview.stdout + preview.stderr).toContain(
    "this system has no /lib64/ld-missing.so.2, which is part of glibc. Install Node.js 22.19 or newer",
  );
});

test("without Node.js, installed archives import what exists from an otherwise empty folder", async () => {
  const akkeris = await startAkkeris("shop-dev");
  akkeris.addFormation("shop-dev", { type: "web" });
  const env = { FORMATIONS_AKKERIS_URL: akkeris.url, FORMATIONS_AKKERIS_TOKEN: akkeris.token };
  const project = { name: "scenario", runtime: "yaml" };
  const workspace = await projectWithInstalled(archives, ["resource", "converter"], project, env);

  const imported = await importing(workspace, ["--app", "shop-dev"]);

  expect(imported.code, imported.stderr).toBe(0);
  expect(imported.stderr).not.toContain("from $PATH");
  const { deployment } = await workspace.exportState();
  expect(deployment.resources.map(({ id }) => id)).toContain("shop-dev/web");
  const { stdout } = await workspace.pulumi(["plugin", "ls", "--json"]);
  expect(JSON.parse(stdout)).toEqual(
    expect.arrayContaining(
      ["resource", "converter"].map((kind) =>
        expect.objectContaining({ kind, name: "formations", version }),
      ),
    ),
  );
});
