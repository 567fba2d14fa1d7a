import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { ensureEngine } from "../../build/engine/engine.ts";
import { compiledClone } from "../../build/engine/package.ts";
import { createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import { platformHere } from "../../build/node-builds.ts";
import { packPlugins } from "../../build/package.ts";
import { repository } from "../../build/repository.ts";
import { Platform } from "../../simulators/platform.ts";
import { importing } from "../scenarios/converter-support.ts";
import { opsOf } from "../scenarios/support.ts";
import { startAkkeris } from "../scenarios/world.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));

/** The folder of this machine's archives, as a release has them. */
let archives: string;

beforeAll(async () => {
  archives = await mkdtemp(join(tmpdir(), "formations-archives-"));
  await packPlugins(await compiledClone(), archives, { platforms: [platformHere()] });
});

afterAll(() => rm(archives, { recursive: true }));

/**
 * A YAML project in an otherwise empty folder, whose engine has installed these plugins from their
 * archives and finds no Node.js. It ends with the test.
 */
async function projectWithInstalled(
  kinds: readonly ("resource" | "converter")[],
  program: object,
  env: Record<string, string>,
): Promise<Workspace> {
  const files = { "Pulumi.yaml": JSON.stringify(program) };
  const bare = { PATH: await engineAlone(), NODE_OPTIONS: "" };
  const options = { program: "", files, package: "none", env: { ...env, ...bare } } as const;
  const workspace = await createWorkspace(options);
  onTestFinished(() => workspace.dispose());
  for (const entry of ["node_modules", "index.ts", "package.json", "tsconfig.json"]) {
    await rm(join(workspace.project, entry), { recursive: true, force: true });
  }
  const lookUp = spawnSync("/bin/sh", ["-c", "command -v node"], { env: workspace.env });
  expect(lookUp.status).not.toBe(0);
  for (const kind of kinds) {
    const archive = join(
      archives,
      `pulumi-${kind}-formations-v${version}-${platformHere()}.tar.gz`,
    );
    const install = ["plugin", "install", kind, "formations", `v${version}`, "--file", archive];
    expect(await workspace.pulumi(install)).toMatchObject({ code: 0 });
  }
  return workspace;
}

/** A PATH with the engine's own programs and nothing else. */
async function engineAlone(): Promise<string> {
  const folder = join(ownTemporaryFolder(), "engine");
  mkdirSync(folder);
  const { directories } = await ensureEngine();
  for (const directory of directories) {
    for (const name of readdirSync(directory).filter((each) => each.startsWith("pulumi-"))) {
      symlinkSync(join(directory, name), join(folder, name));
    }
  }
  return folder;
}

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
  const workspace = await projectWithInstalled(["resource"], program, env);

  expect(opsOf(await workspace.up())).toContain("create web");
  expect(opsOf(await workspace.preview())).toEqual([]);
  expect(opsOf(await workspace.destroy())).toContain("delete web");

  const { stdout } = await workspace.pulumi(["plugin", "ls", "--json"]);
  expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ name: "formations", version })]);
});

test("where the archive's Node.js can't start, a preview says what to do", async () => {
  const workspace = await projectWithInstalled(["resource"], program, {});
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
  const workspace = await projectWithInstalled(["resource", "converter"], project, env);

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
