import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { ensureEngine } from "../../build/engine/engine.ts";
import { createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import { platformHere } from "../../build/node-builds.ts";
import { repository } from "../../build/repository.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

/** The package's version. */
export const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));

/**
 * A YAML project in an otherwise empty folder, whose engine has installed these plugins from their
 * archives and finds no Node.js. It ends with the test.
 *
 * @param archives - the folder of this machine's archives.
 * @param program - the project, with its resources.
 */
export async function projectWithInstalled(
  archives: string,
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
