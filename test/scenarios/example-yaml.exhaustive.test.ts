import { expect, test } from "vitest";
import { resourceNamed } from "../../build/engine/state.ts";
import { platformStack, requestsOf } from "./platform.ts";
import { told } from "./support.ts";

const example = "yaml";
const primary = "/clusters/rvf73a77ozfsvcttryebfrnlem";

test("dev comes up from YAML, its preview only reads, and a second run changes and sends nothing", async () => {
  const { platform, workspace } = await platformStack("dev", { example });

  const preview = await workspace.preview();
  expect(preview.changes, told(preview)).toEqual({ create: 6 });
  expect(preview.outputs).toMatchObject({
    processes: ["shop-dev/web", "shop-dev/worker", "shop-dev/migration"],
    reportsFollow: "demo-primary",
  });
  const read = [`Crunchy Bridge GET ${primary}`, `Crunchy Bridge GET ${primary}/status`];
  expect(requestsOf(platform)).toEqual(read);

  const { changes, outputs } = await workspace.up();
  expect(changes).toEqual({ create: 6 });
  const [formation] = platform.citus.formations.values();
  const migration = platform.akkeris.formation("shop-dev", "migration");
  expect(migration?.options).toMatchObject({ env: { EVENTS_URL: formation?.database_url } });
  expect(outputs.eventsUrl).toBe("[secret]");
  const state = JSON.stringify(await workspace.exportState());
  expect(state).not.toContain(formation?.database_url);
  requestsOf(platform);
  expect((await workspace.up()).changes).toEqual({ same: 6 });
  expect(requestsOf(platform)).toEqual(read);

  expect((await workspace.destroy()).changes).toEqual({ delete: 6 });
  expect(platform.akkeris.formations("shop-dev")).toEqual([]);
});

test("production takes its tokens from its own secrets, leaves a worker's quantity to its autoscaler, and is destroyed only when unprotected", async () => {
  const { platform, workspace } = await platformStack("production", { example });

  expect((await workspace.up()).changes).toEqual({ create: 6 });
  const replica = [...platform.crunchyBridge.clusters.values()].find(({ parent_id }) => parent_id);
  expect(replica).toMatchObject({ is_ha: true, is_protected: true, storage: 500 });
  const state = JSON.stringify(await workspace.exportState());
  for (const { token } of platform.systems.values()) expect(state).not.toContain(token);

  // After a refresh too.
  platform.akkeris.scale("shop-production", "worker", 11);
  await workspace.refresh();
  expect((await workspace.up()).changes).toEqual({ same: 6 });
  expect(platform.akkeris.instances("shop-production", "worker")).toBe(11);

  const refused = await workspace.destroy({ withPreview: true, expectFailure: true });
  const errors = refused.diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.map(({ urn }) => urn?.split("::").at(-1))).toEqual(
    expect.arrayContaining(["events", "reports"]),
  );
  await workspace.setConfig({ "platform:protect": "false" });
  expect((await workspace.up()).changes).toEqual({ update: 1, same: 5 });
  expect(resourceNamed(await workspace.exportState(), "events").protect).toBeFalsy();
  await workspace.destroy({ withPreview: true });
  expect(platform.crunchyBridge.clusters.size).toBe(1);
});
