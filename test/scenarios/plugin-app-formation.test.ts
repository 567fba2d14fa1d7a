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
