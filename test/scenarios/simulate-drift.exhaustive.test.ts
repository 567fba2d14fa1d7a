import { expect, onTestFinished, test, vi } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { resourceNamed } from "../../build/engine/state.ts";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { formations } from "../cli/command.ts";
import { joinSimulation } from "../cli/simulate/simulation.ts";
import { yamlProgram } from "../engine/yaml.ts";
import { opsOf, told } from "./support.ts";

const orders = {
  type: "formations:index:Formation",
  properties: {
    ...{ region: "us-east-1", coordinatorTune: "t2.small", workerTune: "t2.small" },
    ...{ coordinatorDiskSize: 100, workerDiskSize: 100, workerCount: 2 },
  },
};
const reports = {
  type: "formations:index:Replica",
  properties: { clusterId: "rvf73a77ozfsvcttryebfrnlem", isProtected: false },
};
const appFormation = (type: string) => ({
  type: "formations:index:AppFormation",
  properties: {
    app: "shop-dev",
    type,
    size: "gp1",
    quantity: 2,
    ...(type !== "web" && { command: "./run" }),
  },
});
const resources = { orders, reports, web: appFormation("web") };

test("each promise about drift can be tried in a simulation", async () => {
  const { folder, variables } = await joinSimulation();
  const clone = await compiledClone();
  const files = { "Pulumi.yaml": yamlProgram(clone, resources, {}) };
  const workspace = await createWorkspace({ program: "", files, package: "none", env: variables });
  onTestFinished(() => workspace.dispose());
  vi.stubEnv("FORMATIONS_SIMULATION", folder);
  const drift = async (...args: string[]) =>
    expect(await formations("simulate", "drift", ...args)).toMatchObject({ code: 0, err: "" });
  const preview = () => workspace.preview({ args: ["--refresh"] });
  await workspace.up();

  // What only a replacement could undo is kept, with a warning.
  await drift("set", "formation/orders-*", "workerCount=4");
  const kept = await preview();
  expect(opsOf(kept)).not.toContain("replace orders");
  expect(told(kept)).toMatch(/workerCount.*4/);

  // What can be changed in place is.
  await drift("set", "replica/reports-*", "isProtected=true");
  await drift("set", "app-formation/shop-dev/web", "quantity=5");
  const undone = opsOf(await preview());
  expect(undone).toEqual(expect.arrayContaining(["update reports", "update web"]));
  await workspace.up({ args: ["--refresh"] });
  const { out } = await formations("simulate", "list", "--json");
  expect(out).not.toContain('"isProtected": true');

  // What doesn't respond is not gone.
  await drift("down", "crunchybridge");
  await workspace.refresh({ expectFailure: true, env: { FORMATIONS_TIMEOUT: "2s" } });
  expect(resourceNamed(await workspace.exportState(), "reports").id).not.toBe("");
  await drift("up", "crunchybridge");

  // What somebody deleted is noticed, and created again.
  await drift("delete", "replica/reports-*");
  expect(opsOf(await workspace.refresh())).toContain("delete reports");
  expect(opsOf(await workspace.up())).toEqual(["create reports"]);

  // What somebody else has created in the place of a resource is not taken over.
  const values = ["app=shop-dev", "type=worker", "command=./run"];
  await drift("add", "app-formation", ...values);
  const more = { ...resources, worker: appFormation("worker") };
  await workspace.writeFile("Pulumi.yaml", yamlProgram(clone, more, {}));
  const refused = await workspace.up({ expectFailure: true });
  expect(told(refused)).toContain("formations recover");
});
