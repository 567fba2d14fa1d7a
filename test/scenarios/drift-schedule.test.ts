import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { startStack } from "./stack.ts";
import { accessTo, startAkkeris } from "./world.ts";

test("a job that looks for drift reads each resource once, changes nothing and fails on drift; a refresh reads twice", async () => {
  const akkeris = await startAkkeris("shop-default");
  const properties = { app: "shop-default", type: "web", size: "gp1", quantity: 1 };
  const config = accessTo(akkeris);
  const { workspace } = await startStack({ web: { type: "AppFormation", properties } }, { config });
  await workspace.up();
  const run = async (...args: string[]) => {
    akkeris.clearRequests();
    const { code } = await workspace.pulumi(["refresh", ...args]);
    const { outputs } = resourceNamed(await workspace.exportState(), "web");
    const reads = akkeris.requests.map(({ method }) => method);
    return { failed: code !== 0, reads, quantity: outputs?.quantity };
  };
  const look = ["--preview-only", "--expect-no-changes"];

  expect(await run(...look)).toEqual({ failed: false, reads: ["GET"], quantity: 1 });
  Object.assign(akkeris.formation("shop-default", "web") ?? {}, { quantity: 4 });
  expect(await run(...look)).toEqual({ failed: true, reads: ["GET"], quantity: 1 });
  expect(await run("--yes")).toEqual({ failed: false, reads: ["GET", "GET"], quantity: 4 });
});
