import { expect, onTestFinished, test } from "vitest";
import { createWorkspace } from "../../build/engine/workspace.ts";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { CitusSimulator } from "../../simulators/citus.ts";
import { CrunchyBridgeSimulator } from "../../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";
import { args as formation } from "./formation-support.ts";
import { told } from "./support.ts";
import { yamlProject } from "./yaml.ts";

const properties = {
  Formation: formation,
  Replica: { clusterId: "", environment: "production" },
  AppFormation: { app: "foo-default", type: "web", size: "gp1", quantity: 1 },
  AntflyBackupSchedule: { schedule: "0 3 * * *", location: "file:///backups", connection: "bk" },
  AntflySecret: { key: "openai.api_key", value: "sk-value-5b1e70c4" },
};

test("a program that moves from the dynamic classes to the plugin changes nothing", async () => {
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
    program: [
      `import { ${names.join(", ")} } from "pulumi-formations";`,
      ...Object.entries(properties).map(
        ([name, given]) => `new ${name}("${name}", ${JSON.stringify(given)});`,
      ),
    ].join("\n"),
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
  const before = (await workspace.exportState()).deployment.resources;
  for (const system of systems) system.clearRequests();

  const declared = Object.entries(properties).map(([name, given]) => [
    name,
    { type: `formations:index:${name}`, properties: given },
  ]);
  await workspace.writeFile("Pulumi.yaml", await yamlProject(Object.fromEntries(declared)));
  const moved = await workspace.up({ diff: true });

  expect(moved.changes, told(moved)).toEqual({ same: 5 });
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
  await workspace.destroy();
});
