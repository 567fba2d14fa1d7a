import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createWorkspace, type Workspace } from "../../build/engine/workspace.ts";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { CitusSimulator } from "../../simulators/citus.ts";
import { CrunchyBridgeSimulator } from "../../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";
import { args as formation } from "./formation-support.ts";
import { installPlugin } from "./pulumi-do-support.ts";
import { told } from "./support.ts";
import { yamlProject } from "./yaml.ts";

const properties = {
  Formation: formation,
  Replica: { clusterId: "", environment: "production" },
  AppFormation: { app: "foo-default", type: "web", size: "gp1", quantity: 1 },
  AntflyBackupSchedule: { schedule: "0 3 * * *", location: "file:///backups", connection: "bk" },
  AntflySecret: { key: "openai.api_key", value: "sk-value-5b1e70c4" },
};

/** A program with the classes. @param options those of a resource, by its type */
function programOf(options: (type: string) => object): string {
  return [
    `import { ${Object.keys(properties).join(", ")} } from "pulumi-formations";`,
    ...Object.entries(properties).map(([name, given]) => {
      const args = [name, given, options(name)].map((one) => JSON.stringify(one));
      return `new ${name}(${args.join(", ")});`;
    }),
  ].join("\n");
}

/** What the page on moving asks for, of what holds data. */
const kept = { protect: true };

const protectedType = "Formation";

/** Takes a protected resource out of the state, as the page on moving from Terraform says. */
async function forget(workspace: Workspace, name: string) {
  const { resources } = (await workspace.exportState()).deployment;
  const { urn = "" } = resources.find((one) => one.urn.endsWith(`::${name}`)) ?? {};
  const change = (verb: string) => workspace.pulumi(["state", verb, urn, "--yes"]);
  expect((await change("delete")).stderr).toContain("because it is protected");
  expect((await change("unprotect")).code).toBe(0);
  expect((await change("delete")).code).toBe(0);
}

test("a program that moves from the classes to the plugin, and back, changes nothing on the servers", async () => {
  const citus = await running(
    new CitusSimulator({ speed: 5000, requestsPerMinute: Number.POSITIVE_INFINITY }),
  );
  const bridge = await running(new CrunchyBridgeSimulator({ speed: 5000 }));
  properties.Replica.clusterId = bridge.addCluster({ name: "orders" }).id;
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp("foo-default");
  const antfly = await running(new AntflySimulator());
  antfly.addLocation("file:///backups");
  const systems = [citus, bridge, akkeris, antfly];
  const names = Object.keys(properties);
  const workspace = await createWorkspace({
    program: programOf((type) => (type === protectedType ? kept : {})),
    config: {
      "formations:citusUrl": citus.url,
      "formations:citusToken": { secret: citus.token },
      "formations:citusRequestsPerMinute": "6000",
      "formations:crunchyBridgeUrl": bridge.url,
      "formations:crunchyBridgeApiKey": { secret: bridge.token },
      "formations:akkerisUrl": akkeris.url,
      "formations:akkerisToken": { secret: akkeris.token },
      "formations:antflyUrl": antfly.url,
      "formations:antflyApiKey": { secret: antfly.token },
    },
  });
  onTestFinished(() => workspace.dispose());
  await workspace.up();
  const classes = readFileSync(join(workspace.project, "Pulumi.yaml"), "utf8");
  const before = (await workspace.exportState()).deployment.resources;
  for (const system of systems) system.clearRequests();

  const declared = Object.entries(properties).map(([name, given]) => [
    name,
    {
      type: `formations:index:${name}`,
      properties: given,
      options: name === protectedType ? kept : {},
    },
  ]);
  await workspace.writeFile("Pulumi.yaml", await yamlProject(Object.fromEntries(declared)));
  const moved = await workspace.up({ diff: true });

  expect(moved.changes, told(moved)).toEqual({ same: 5 });
  expect(told(moved)).not.toContain("changes from");
  for (const system of systems) expect(system.requests).toEqual([]);
  const after = (await workspace.exportState()).deployment.resources;
  for (const name of names) {
    const type = `formations:index:${name}`;
    const old = before.find(({ urn }) => urn.endsWith(`::${name}`));
    expect(after.find((one) => one.type === type)).toMatchObject({ id: old?.id });
  }
  await workspace.refresh();
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 5 });

  for (const system of systems) system.clearRequests();
  await workspace.writeFile("Pulumi.yaml", classes);
  // Without the plugin, the preview fails sooner.
  await installPlugin(workspace);
  const lost = await workspace.preview({ expectFailure: true });
  expect(told(lost)).toContain("because it is protected");
  await workspace.setProgram(
    programOf((type) => ({
      aliases: [{ type: `formations:index:${type}` }],
      ...(type === protectedType ? kept : {}),
    })),
  );
  const back = await workspace.up();
  expect(back.changes, told(back)).toEqual({ update: 5 });
  const sent = systems.flatMap(({ requests }) => requests.map(({ method }) => method));
  expect(new Set(sent)).toEqual(new Set(["GET"]));
  await workspace.setProgram(programOf(() => ({})));
  const settled = await workspace.preview();
  expect(settled.changes, told(settled)).toEqual({ same: 5 });
  await forget(workspace, protectedType);
  await workspace.destroy();
  expect(akkeris.formations("foo-default")).toEqual([]);
  expect(citus.formations.size).toBe(1);
});
