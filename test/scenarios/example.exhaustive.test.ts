import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { runCommand } from "../../build/engine/process.ts";
import { resourceNamed } from "../../build/engine/state.ts";
import { repository } from "../../build/repository.ts";
import { platformStack, requestsOf } from "./platform.ts";

const configSchema = z.record(z.string(), z.object({ secret: z.boolean() }));

test("dev comes up, only the migration gets the new database's URL, and a second run changes and sends nothing", async () => {
  const { platform, workspace } = await platformStack("dev");

  const preview = await workspace.preview();
  expect(preview.changes).toEqual({ create: 6 });
  expect(requestsOf(platform)).toEqual([]);
  const created = await workspace.up();
  expect(created.changes).toEqual({ create: 6 });

  const [formation] = platform.citus.formations.values();
  const row = platform.akkeris.formation("shop-dev", "migration");
  expect(row?.options).toMatchObject({ env: { EVENTS_URL: formation?.database_url } });
  expect(created.outputs.eventsUrl).toBe("[secret]");
  expect(formation?.tune_attributes).toMatchObject({
    coordinator_tune: "t2.small",
    worker_count: 2,
  });
  expect(
    platform.akkeris.formations("shop-dev").map(({ type, size }) => `${type} ${size}`),
  ).toEqual(["web gp1", "worker gp1", "migration gp1"]);
  requestsOf(platform);
  expect((await workspace.preview()).changes).toEqual({ same: 6 });
  expect((await workspace.up()).changes).toEqual({ same: 6 });
  expect(requestsOf(platform)).toEqual([]);

  expect((await workspace.destroy()).changes).toEqual({ delete: 6 });
  expect(platform.akkeris.formations("shop-dev")).toEqual([]);
});

test("production keeps its tokens encrypted, leaves a worker's quantity to its autoscaler, and is destroyed only when unprotected", async () => {
  const { platform, workspace } = await platformStack("production");

  expect((await workspace.up()).changes).toEqual({ create: 6 });
  const [formation] = platform.citus.formations.values();
  expect(formation?.tune_attributes).toMatchObject({ coordinator_ha: true, worker_count: 8 });
  const replica = [...platform.crunchyBridge.clusters.values()].find(({ parent_id }) => parent_id);
  expect(replica).toMatchObject({ is_ha: true, is_protected: true, storage: 500 });

  requestsOf(platform);
  expect((await workspace.preview()).changes).toEqual({ same: 6 });
  expect(requestsOf(platform)).toEqual([]);

  const { stdout } = await workspace.pulumi(["config", "--json"]);
  const config = configSchema.parse(JSON.parse(stdout));
  const secret = Object.entries(config).filter(([, value]) => value.secret);
  expect(secret.map(([key]) => key)).toEqual([
    "formations:akkerisToken",
    "formations:antflyApiKey",
    "formations:citusToken",
    "formations:crunchyBridgeApiKey",
  ]);

  // After a refresh too.
  platform.akkeris.scale("shop-production", "worker", 11);
  await workspace.refresh();
  expect((await workspace.up()).changes).toEqual({ same: 6 });
  expect(platform.akkeris.instances("shop-production", "worker")).toBe(11);

  requestsOf(platform);
  const refused = await workspace.destroy({ withPreview: true, expectFailure: true });
  const errors = refused.diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.map(({ urn }) => urn?.split("::").at(-1))).toEqual(
    expect.arrayContaining(["events", "reports"]),
  );
  expect(requestsOf(platform)).toEqual([]);

  await workspace.setConfig({ "platform:protect": "false" });
  const lifted = await workspace.up();
  expect(lifted.changes).toEqual({ update: 1, same: 5 });
  expect(resourceNamed(await workspace.exportState(), "events").protect).toBeFalsy();
  expect((await workspace.destroy({ withPreview: true })).changes).toEqual({ delete: 6 });
  expect(platform.crunchyBridge.clusters.size).toBe(1);
});

test("the program's types are those of the installed package", async () => {
  const { workspace } = await platformStack("dev");
  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");

  const { code, stdout } = await runCommand(process.execPath, [compiler, "-p", workspace.project], {
    timeoutMs: 120_000,
  });

  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
});
