import { mkdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { compiledClone } from "../../build/engine/package.ts";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { packPlugins } from "../../build/package.ts";
import { repository } from "../../build/repository.ts";
import { Platform } from "../../simulators/platform.ts";
import { opsOf } from "../scenarios/support.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));

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

test("an archive that is installed serves a YAML program from an otherwise empty folder", async () => {
  const archives = join(ownTemporaryFolder(), "archives");
  mkdirSync(archives);
  await packPlugins(await compiledClone(), archives);
  const platform = await new Platform(2000).start();
  onTestFinished(() => platform.close());
  const workspace = await createWorkspace({
    program: "",
    files: { "Pulumi.yaml": JSON.stringify(program) },
    package: "none",
    env: { ...platform.urls, ...platform.tokens },
  });
  onTestFinished(() => workspace.dispose());
  for (const entry of ["node_modules", "index.ts", "package.json", "tsconfig.json"]) {
    await rm(join(workspace.project, entry), { recursive: true, force: true });
  }
  const archive = join(archives, `pulumi-resource-formations-v${version}-linux-amd64.tar.gz`);

  const install = ["plugin", "install", "resource", "formations", `v${version}`, "--file", archive];
  expect(await workspace.pulumi(install)).toMatchObject({ code: 0 });
  expect(opsOf(await workspace.up())).toContain("create web");
  expect(opsOf(await workspace.preview())).toEqual([]);
  expect(opsOf(await workspace.destroy())).toContain("delete web");

  const { stdout } = await workspace.pulumi(["plugin", "ls", "--json"]);
  expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ name: "formations", version })]);
});
