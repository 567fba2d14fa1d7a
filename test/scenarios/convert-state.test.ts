import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generated, importing, projectWithConverter } from "./converter-support.ts";
import { told } from "./support.ts";
import { startAkkeris } from "./world.ts";
import { projectOf } from "./yaml.ts";

test("`pulumi import --from formations` takes an app into a stack: its program has an empty preview", async () => {
  const akkeris = await startAkkeris("shop-dev", "other-dev");
  akkeris.addFormation("shop-dev", { type: "web", quantity: 2, port: 9000 });
  akkeris.addFormation("shop-dev", { type: "worker", quantity: 4, command: "node worker.js" });
  akkeris.addFormation("other-dev", { type: "web" });
  const workspace = await projectWithConverter({
    env: { FORMATIONS_AKKERIS_URL: akkeris.url, FORMATIONS_AKKERIS_TOKEN: akkeris.token },
  });

  const imported = await importing(workspace, ["--system", "akkeris", "--app", "shop-dev"]);

  expect(imported.code, imported.stdout + imported.stderr).toBe(0);
  const { deployment } = await workspace.exportState();
  const ids = deployment.resources.flatMap(({ type, id }) =>
    type === "formations:index:AppFormation" ? id : [],
  );
  expect(ids.toSorted()).toEqual(["shop-dev/web", "shop-dev/worker"]);
  // The engine reads nothing again.
  expect(akkeris.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /apps/shop-dev/formation",
  ]);
  const program = readFileSync(join(workspace.project, generated), "utf8");
  await workspace.writeFile("Pulumi.yaml", await projectOf(program));
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 2 });
});
