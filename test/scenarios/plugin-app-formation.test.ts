import { expect, test } from "vitest";
import { configOf } from "./support.ts";
import { accessTo, startAkkeris } from "./world.ts";
import { reference, yamlStack } from "./yaml.ts";

test("a preview of a creation knows its ID and what it asks", async () => {
  const akkeris = await startAkkeris("foo-default");
  const properties = { app: "foo-default", type: "web", size: "gp1", quantity: 1, port: 9000 };
  const { workspace } = await yamlStack(
    { it: { type: "formations:index:AppFormation", properties } },
    configOf(accessTo(akkeris)),
    { id: reference("it.id"), serverSize: reference("it.serverSize") },
  );

  const { outputs } = await workspace.preview();

  expect(outputs.id).toBe("foo-default/web");
  expect(outputs.serverSize).not.toBe("gp1");
});
