import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { AkkerisSimulator } from "../../simulators/akkeris.ts";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { CitusSimulator } from "../../simulators/citus.ts";
import { CrunchyBridgeSimulator, toUuid } from "../../simulators/crunchybridge.ts";
import { running } from "../simulators/kit/testing.ts";
import { args as formationArgs } from "./formation-support.ts";
import { told } from "./support.ts";
import { projectOf, type YamlResource, yamlStack } from "./yaml.ts";

/** Something that nobody's stack has yet. */
interface Found {
  type: string;
  /** As a person knows it. */
  id: string;
  /** What a program has to say to have it. */
  properties: Record<string, unknown>;
  config: Record<string, string | { secret: string }>;
  /** What an import tells that it could not read. */
  unread?: string;
}

async function formation(): Promise<Found> {
  const citus = await running(new CitusSimulator({ requestsPerMinute: Number.POSITIVE_INFINITY }));
  const tune_attributes = {
    coordinator_tune: "r5.large",
    coordinator_disk_size: "512",
    worker_tune: "r5.large",
    worker_count: 2,
    worker_disk_size: "512",
    worker_ha: true,
  };
  const { id } = citus.addFormation({ name: "events", tune_attributes });
  const properties = { ...formationArgs, name: "events", workerHa: true };
  return {
    type: "formations:index:Formation",
    id,
    properties,
    config: {
      "formations:citusUrl": citus.url,
      "formations:citusToken": { secret: citus.token },
      "formations:citusRequestsPerMinute": "6000",
    },
  };
}

const gcp = { provider_id: "gcp", region_id: "us-central1" };

/**
 * @param spelling of the ID, as a person may have it
 * @param place where its parent is, and so it is too; default: aws
 */
async function replica(spelling: (id: string) => string, place = {}): Promise<Found> {
  const bridge = await running(new CrunchyBridgeSimulator());
  const primary = bridge.addCluster({ name: "orders", ...place });
  const { id } = bridge.addCluster({
    ...place,
    network_id: primary.network_id,
    name: "orders-reports",
    parent_id: primary.id,
    environment: "production",
    maintenance_window_start: 3,
    is_ha: true,
  });
  return {
    type: "formations:index:Replica",
    id: spelling(id),
    properties: {
      clusterId: primary.id,
      name: "orders-reports",
      environment: "production",
      maintenanceWindowStart: 3,
      isHa: true,
    },
    config: {
      "formations:crunchyBridgeUrl": bridge.url,
      "formations:crunchyBridgeApiKey": { secret: bridge.token },
    },
  };
}

async function appFormation(): Promise<Found> {
  const akkeris = await running(new AkkerisSimulator());
  akkeris.addApp("foo-default");
  const settings = { type: "worker", command: "node worker.js", quantity: 4 };
  akkeris.addFormation("foo-default", settings);
  return {
    type: "formations:index:AppFormation",
    id: "foo-default/worker",
    properties: { app: "foo-default", size: "gp1", ...settings },
    config: {
      "formations:akkerisUrl": akkeris.url,
      "formations:akkerisToken": { secret: akkeris.token },
    },
    unread:
      "The server never returns oneoff, options, so the imported state of each AppFormation lacks them",
  };
}

const found: [string, () => Promise<Found>][] = [
  ["a formation by its ID", formation],
  ["a replica by its EID", () => replica((id) => id)],
  ["a replica by its UUID", () => replica(toUuid)],
  ["a replica at gcp", () => replica((id) => id, gcp)],
  ["an app formation by app and type", appFormation],
];

test.each(found)("`pulumi import` of %s: its program has an empty preview", async (_, find) => {
  const { type, id, properties, config, unread } = await find();
  const { workspace } = await yamlStack({}, config);
  const program = join(workspace.project, "generated.yaml");

  const args = ["--yes", "--protect=false", "--out", program];
  const imported = await workspace.pulumi(["import", type, "it", id, ...args]);

  const said = imported.stdout + imported.stderr;
  expect(imported.code, said).toBe(0);
  if (unread) expect(said).toContain(unread);
  else expect(said).not.toContain("never returns");
  expect(resourceNamed(await workspace.exportState(), "it").inputs).toMatchObject(properties);
  await workspace.writeFile("Pulumi.yaml", await projectOf(readFileSync(program, "utf8")));
  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ same: 1 });
});

test.each(found)(
  "the resource option `import` of %s: the next preview is empty",
  async (_, find) => {
    const { type, id, properties, config } = await find();
    const it: YamlResource = { type, properties };
    const { workspace, declare } = await yamlStack(
      { it: { ...it, options: { import: id } } },
      config,
    );

    const up = await workspace.up();

    expect(up.changes, told(up)).toEqual({ import: 1 });
    expect((await workspace.preview()).changes).toEqual({ same: 1 });
    await declare({ it });
    const preview = await workspace.preview();
    expect(preview.changes, told(preview)).toEqual({ same: 1 });
  },
);

test("an import of a schedule says how it is adopted", async () => {
  const antfly = await running(new AntflySimulator());
  antfly.addLocation("file:///backups");
  const type = "formations:index:AntflyBackupSchedule";
  const properties = { schedule: "0 3 * * *", location: "file:///backups", connection: "bk" };
  const options = { import: "nightly" };
  const { workspace, declare } = await yamlStack(
    { it: { type, properties, options } },
    { "formations:antflyUrl": antfly.url, "formations:antflyApiKey": { secret: antfly.token } },
  );

  const refused = await workspace.up({ expectFailure: true });

  expect(told(refused)).toContain('Declare it in the program, with backupIdPrefix "nightly"');
  await declare({ it: { type, properties: { ...properties, backupIdPrefix: "nightly" } } });
  expect((await workspace.up()).changes).toEqual({ create: 1 });
});
