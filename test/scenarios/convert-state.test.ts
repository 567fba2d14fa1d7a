import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import { told } from "./support.ts";
import { startAkkeris } from "./world.ts";
import { projectOf, yamlProject } from "./yaml.ts";

/** A YAML project on the plugin, whose engine finds the converter on the PATH. */
async function projectWithConverter(env: Record<string, string>): Promise<Workspace> {
  const files = { "Pulumi.yaml": await yamlProject({}) };
  const path = [await compiledClone()];
  const workspace = await createWorkspace({ program: "", files, package: "none", env, path });
  onTestFinished(() => workspace.dispose());
  return workspace;
}

test("`pulumi import --from formations` takes an app into a stack: its program has an empty preview", async () => {
  const akkeris = await startAkkeris("shop-dev", "other-dev");
  akkeris.addFormation("shop-dev", { type: "web", quantity: 2, port: 9000 });
  akkeris.addFormation("shop-dev", { type: "worker", quantity: 4, command: "node worker.js" });
  akkeris.addFormation("other-dev", { type: "web" });
  const workspace = await projectWithConverter({
    FORMATIONS_AKKERIS_URL: akkeris.url,
    FORMATIONS_AKKERIS_TOKEN: akkeris.token,
  });
  const program = join(workspace.project, "generated.yaml");

  const flags = ["--yes", "--protect=false", "--out", program];
  const args = ["--system", "akkeris", "--app", "shop-dev"];
  const imported = await workspace.pulumi([
    "import",
    "--from",
    "formations",
    ...flags,
    "--",
    ...args,
  ]);

  expect(imported.code, imported.stdout + imported.stderr).toBe(0);
  const { deployment } = await workspace.exportState();
  const ids = deployment.resources.map(({ id }) => id).filter((id) => id?.startsWith("shop-dev"));
  expect(ids).toEqual(["shop-dev/web", "shop-dev/worker"]);
  expect(akkeris.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /apps/shop-dev/formation",
  ]);
  await workspace.writeFile("Pulumi.yaml", await projectOf(readFileSync(program, "utf8")));
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 2 });
});
