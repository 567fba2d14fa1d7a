import { expect, test } from "vitest";
import { resourceNamed } from "../engine/state.ts";
import { AkkerisSimulator } from "../simulators/akkeris.ts";
import { running } from "../simulators/kit/testing.ts";
import { told } from "./support.ts";
import { reference, yamlStack } from "./yaml.ts";

const type = "formations:index:AppFormation";
const web = { app: "foo-default", type: "web", size: "gp1", quantity: 1, port: 9000 };

async function stack(properties = {}) {
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp("foo-default");
  const config = {
    "formations:akkerisUrl": akkeris.url,
    "formations:akkerisToken": { secret: akkeris.token },
  };
  const declared = { it: { type, properties: { ...web, ...properties } } };
  const outputs = { id: reference("it.id"), serverSize: reference("it.serverSize") };
  return { akkeris, ...(await yamlStack(declared, config, outputs)) };
}

test("a YAML program creates, keeps, updates, refreshes and destroys an app formation", async () => {
  const { akkeris, workspace, declare } = await stack();

  await workspace.up();
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
  akkeris.clearRequests();

  await declare({ it: { type, properties: { ...web, size: "gp2", quantity: 2 } } });
  const preview = await workspace.preview();
  expect(preview.steps[0]?.detailedDiff).toEqual({ size: "update", quantity: "update" });
  expect(told(preview)).toContain('warning: size changes from "gp1" to "gp2": Akkeris redeploys');
  expect(akkeris.requests).toEqual([]);
  await workspace.up();
  const [patch] = akkeris.requests.filter(({ method }) => method === "PATCH");
  expect(patch?.body).toEqual([{ type: "web", size: "gp2", quantity: 2 }]);

  expect((await workspace.refresh()).changes).toEqual({ same: 1 });
  await workspace.destroy();
  expect(akkeris.requests.at(-1)).toMatchObject({ method: "DELETE" });
});

test("a preview of a creation knows its ID and what it asks", async () => {
  const { workspace } = await stack();
  const { outputs } = await workspace.preview();
  expect(outputs.id).toBe("foo-default/web");
  expect(outputs.serverSize).not.toBe("gp1");
});

test("an import by app and type leaves nothing to do", async () => {
  const { workspace } = await stack();
  await workspace.up();
  await workspace.pulumi(["state", "delete", "--all", "--yes"]);

  const args = ["--yes", "--protect=false", "--generate-code=false"];
  const imported = await workspace.pulumi(["import", type, "it", "foo-default/web", ...args]);

  expect(imported.code, imported.stdout + imported.stderr).toBe(0);
  expect(imported.stdout + imported.stderr).toContain("oneoff, options");
  expect(resourceNamed(await workspace.exportState(), "it").inputs).toMatchObject(web);
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 1 });
});

test("drift is undone only where the program set it", async () => {
  const { akkeris, workspace } = await stack();
  await workspace.up();
  const [row] = akkeris.apps.get("foo-default")?.rows ?? [];
  if (!row) throw new Error("no row");
  row.quantity = 5;
  row.healthcheck = "/health";

  const refreshed = await workspace.refresh();
  expect(refreshed.changes).toEqual({ update: 1 });
  const preview = await workspace.preview();
  expect(preview.steps[0]?.detailedDiff).toEqual({ quantity: "update" });
});
