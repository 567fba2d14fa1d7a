import { expect } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { args } from "./formation-support.ts";
import type { Host } from "./lifecycle/hosts.ts";
import type { Program } from "./lifecycle/program.ts";
import { startStack } from "./stack.ts";
import { opsOf, told } from "./support.ts";
import { accessTo, primaryId, startBridge, startCitus } from "./world.ts";

/** An expression of a pattern: `${name}`. */
export const as = (expression: string) => `\${${expression}}`;

/** A formation and a replica without names of their own. */
export const declared = (change: object = {}): Program => ({
  events: { type: "Formation", properties: { ...args, ...change } },
  copying: { type: "Replica", properties: { clusterId: primaryId } },
});

const replicaPattern = `${as("project")}.${as("config.team")}.${as("name")}`;

/** The life of two resources whose names `pulumi:autonaming` decides. */
export async function namedByConfiguration(host: Host["name"]): Promise<void> {
  const [citus, bridge] = [await startCitus(), await startBridge()];
  const config = accessTo(citus, bridge);
  const { workspace, declare } = await startStack(declared(), { host, config });
  const autonaming = (structure: object) =>
    workspace.setConfig({ "pulumi:autonaming": { structure }, "scenario:team": "data" });
  await autonaming({
    mode: "verbatim",
    providers: {
      formations: {
        resources: { "formations:index:Replica": { pattern: replicaPattern, enforce: false } },
      },
    },
  });

  await workspace.up();
  const nameOf = async (name: string) =>
    resourceNamed(await workspace.exportState(), name).outputs?.name;
  expect(await nameOf("events")).toBe("events");
  // Dots are not allowed there, so that it is the proposal in another form.
  const adapted = await nameOf("copying");
  expect(adapted).toBe("scenario-data-copying-6ccd427");

  await autonaming({ mode: "disabled" });
  expect((await workspace.preview()).changes).toEqual({ same: 2 });
  await declare(declared({ workerCount: 3 }));
  const refused = await workspace.preview({ expectFailure: true });
  expect(told(refused)).toContain(
    "`pulumi:autonaming` turns generated names off for formations:index:Formation",
  );

  await autonaming({ mode: "verbatim" });
  const replaced = await workspace.up();
  expect(opsOf(replaced)).toEqual([
    "delete-replaced events",
    "replace events",
    "create-replacement events",
  ]);
  expect(told(replaced)).toContain("so the old one is deleted first");
  expect([await nameOf("events"), await nameOf("copying")]).toEqual(["events", adapted]);
  expect((await workspace.preview()).changes).toEqual({ same: 2 });
}
