import { expect, test } from "vitest";
import { importing } from "../scenarios/converter-support.ts";
import { startAkkeris } from "../scenarios/world.ts";
import { projectWithInstalled, version } from "./installed.ts";

test("archives that are installed import what exists from an otherwise empty folder", async () => {
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
