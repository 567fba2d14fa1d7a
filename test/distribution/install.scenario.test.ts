import { expect, onTestFinished, test } from "vitest";
import { Platform } from "../../simulators/platform.ts";
import { opsOf } from "../scenarios/support.ts";
import { projectWithInstalled, version } from "./installed.ts";

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
