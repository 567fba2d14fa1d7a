import { expect, onTestFinished, test } from "vitest";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { CitusSimulator } from "../../simulators/citus.ts";
import { running } from "../simulators/kit/testing.ts";
import { installPlugin, printed, pulumiDo } from "./pulumi-do-support.ts";

test("`pulumi do` lists formations by what narrows a list, and reads one by its ID", async () => {
  const citus = await running(new CitusSimulator());
  const workspace = await createWorkspace({
    program: "",
    files: { "Pulumi.yaml": "name: scenario\nruntime: yaml\n" },
    package: "none",
    env: {
      FORMATIONS_CITUS_URL: citus.url,
      FORMATIONS_CITUS_TOKEN: citus.token,
      FORMATIONS_CITUS_REQUESTS_PER_MINUTE: "6000",
    },
  });
  onTestFinished(() => workspace.dispose());
  await installPlugin(workspace);
  citus.addFormation({ name: "orders" });
  const { id } = citus.addFormation({ name: "events" });

  const listed = await printed(pulumiDo(workspace, ["Formation", "list", "--name", "events"]));
  const read = await printed(pulumiDo(workspace, ["Formation", "read", id, "--output", "json"]));

  expect(listed).toEqual([{ id, name: "events" }]);
  expect(read).toMatchObject({ id, name: "events", state: "steady", databaseUrl: "[secret]" });
});
