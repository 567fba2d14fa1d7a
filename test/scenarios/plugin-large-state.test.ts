import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { configOf, told } from "./support.ts";
import { accessTo, startAkkeris } from "./world.ts";
import { yamlStack } from "./yaml.ts";

const type = "formations:index:AppFormation";

test("a creation that is interrupted with 100 KB of state stays in the stack", async () => {
  const akkeris = await startAkkeris("foo-default");
  akkeris.order({ method: "PATCH", kind: { type: "status", status: 422, body: "Not today." } });
  const job = { app: "foo-default", type: "job", size: "gp1", quantity: 0, oneoff: true };
  const options = { image: "jobs:1", env: { TEXT: "x".repeat(100_000) } };
  const { workspace } = await yamlStack(
    { it: { type, properties: { ...job, options } } },
    configOf(accessTo(akkeris)),
  );

  const failed = await workspace.up({ expectFailure: true });
  expect(told(failed)).toContain("returned 422: Not today.");

  const kept = resourceNamed(await workspace.exportState(), "it");
  expect(kept).toMatchObject({ id: "foo-default/job", initErrors: [expect.any(String)] });
  const mended = await workspace.up();
  expect(mended.changes, told(mended)).toEqual({ update: 1 });
  expect((await workspace.preview()).changes).toEqual({ same: 1 });
});
