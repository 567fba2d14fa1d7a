import { mkdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { compiledClone } from "../../build/engine/package.ts";
import { createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import { packPlugins } from "../../build/package.ts";
import { repository } from "../../build/repository.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

/** The package's version. */
export const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));

/** A kind of plugin, as `pulumi plugin install` names it. */
type Kind = "resource" | "converter";

/**
 * A YAML project in an otherwise empty folder, whose engine has installed these plugins from their
 * archives. It ends with the test.
 *
 * @param program the project, with its resources
 */
export async function projectWithInstalled(
  kinds: readonly Kind[],
  program: object,
  env: Record<string, string>,
): Promise<Workspace> {
  const archives = join(ownTemporaryFolder(), "archives");
  mkdirSync(archives);
  await packPlugins(await compiledClone(), archives);
  const files = { "Pulumi.yaml": JSON.stringify(program) };
  const workspace = await createWorkspace({ program: "", files, package: "none", env });
  onTestFinished(() => workspace.dispose());
  for (const entry of ["node_modules", "index.ts", "package.json", "tsconfig.json"]) {
    await rm(join(workspace.project, entry), { recursive: true, force: true });
  }
  for (const kind of kinds) {
    const archive = join(archives, `pulumi-${kind}-formations-v${version}-linux-amd64.tar.gz`);
    const install = ["plugin", "install", kind, "formations", `v${version}`, "--file", archive];
    expect(await workspace.pulumi(install)).toMatchObject({ code: 0 });
  }
  return workspace;
}
