import { expect, test } from "vitest";
import { as, declared, namedByConfiguration } from "./autonaming-support.ts";
import { living } from "./formation-support.ts";
import { startStack } from "./stack.ts";
import { recover } from "./support.ts";
import { accessTo, startBridge, startCitus } from "./world.ts";

test("plugin: names follow pulumi:autonaming, and those that exist are kept", () =>
  namedByConfiguration("plugin"));

test("a killed creation is found by its configured name, also where the engine drew a part of it", async () => {
  const [citus, bridge] = [await startCitus(), await startBridge()];
  const { workspace } = await startStack(declared(), { config: accessTo(citus, bridge) });
  const resources = { "formations:index:Replica": { mode: "verbatim" } };
  const structure = {
    pattern: `${as("name")}-${as("hex(6)")}`,
    providers: { formations: { resources } },
  };
  await workspace.setConfig({ "pulumi:autonaming": { structure } });
  const systems = [citus, bridge];
  for (const one of systems) one.order({ method: "POST", kind: { type: "hang", apply: true } });
  const posts = () => systems.map((one) => one.count("POST"));
  const run = workspace.start(["up", "--yes", "--skip-preview"]);
  await expect.poll(posts, { timeout: 60_000 }).toEqual([1, 1]);
  run.crash();
  await run.done;
  await workspace.pulumi(["cancel", "--yes"]);
  expect(living(citus).name).toMatch(/^events-[0-9a-f]{6}$/);

  const done = await recover(workspace, "--yes");

  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(done.stdout).toContain(`events (Formation): adopt ${living(citus).id}`);
  await workspace.up();
  expect((await workspace.preview()).changes).toEqual({ same: 2 });
  expect(posts()).toEqual([1, 1]);
  expect([...bridge.clusters.values()].map(({ name }) => name)).toContain("copying");
});
