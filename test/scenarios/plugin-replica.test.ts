import { expect, test } from "vitest";
import { AntflySimulator } from "../simulators/antfly.ts";
import { CrunchyBridgeSimulator } from "../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";
import { told } from "./support.ts";
import { yamlStack } from "./yaml.ts";

const importFlags = ["--yes", "--protect=false", "--generate-code=false"];

test("an import of a replica leaves nothing to do, and it is destroyed as any other", async () => {
  const bridge = await running(new CrunchyBridgeSimulator({ speed: 5000 }));
  const primary = bridge.addCluster({ name: "orders" });
  const type = "formations:index:Replica";
  const properties = { clusterId: primary.id, environment: "production" };
  const { workspace } = await yamlStack(
    { it: { type, properties } },
    {
      "formations:crunchyBridgeUrl": bridge.url,
      "formations:crunchyBridgeApiKey": { secret: bridge.token },
    },
  );

  await workspace.up();
  const id = (await workspace.exportState()).deployment.resources.find((one) => one.type === type);
  await workspace.pulumi(["state", "delete", "--all", "--yes"]);
  const imported = await workspace.pulumi(["import", type, "it", id?.id ?? "", ...importFlags]);
  expect(imported.code, imported.stdout + imported.stderr).toBe(0);
  const after = await workspace.preview();
  expect(after.changes, told(after)).toEqual({ same: 1 });

  await workspace.destroy();
  expect([...bridge.clusters.keys()]).toEqual([primary.id]);
});

test("an import of a schedule says how it is adopted", async () => {
  const antfly = await running(new AntflySimulator());
  antfly.addLocation("file:///backups");
  const type = "formations:index:AntflyBackupSchedule";
  const properties = { schedule: "0 3 * * *", location: "file:///backups", connection: "bk" };
  const { workspace } = await yamlStack(
    { it: { type, properties } },
    {
      "formations:antflyUrl": antfly.url,
      "formations:antflyApiKey": { secret: antfly.token },
    },
  );

  const imported = await workspace.pulumi(["import", type, "it", "nightly", ...importFlags]);
  expect(imported.code).not.toBe(0);
  expect(imported.stdout + imported.stderr).toContain('with backupIdPrefix "nightly"');
});
