import { expect, test } from "vitest";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { running } from "../simulators/kit/testing.ts";
import { configOf } from "./support.ts";
import { reference, yamlStack } from "./yaml.ts";

test("a preview of a creation knows its ID and what it asks", async () => {
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp("foo-default");
  const properties = { app: "foo-default", type: "web", size: "gp1", quantity: 1, port: 9000 };
  const { workspace } = await yamlStack(
    { it: { type: "formations:index:AppFormation", properties } },
    configOf({ akkerisUrl: akkeris.url, akkerisToken: { secret: akkeris.token } }),
    { id: reference("it.id"), serverSize: reference("it.serverSize") },
  );

  const { outputs } = await workspace.preview();

  expect(outputs.id).toBe("foo-default/web");
  expect(outputs.serverSize).not.toBe("gp1");
});
