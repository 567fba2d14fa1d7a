import { expect, test } from "vitest";
import { call, withTables } from "./testing.ts";

const place = { location: "file:///backups", connection: "bk" };
const listPath = `/backups?${new URLSearchParams(place)}`;
const day = 86_400;

test.each([
  ["frees its ID", false, 200],
  ["leaves its ID taken", true, 409],
])("a lifecycle rule removes an old backup from the list, and %s", async (_, keepsIds, status) => {
  const simulator = await withTables();
  simulator.addLifecycleRule(place.location, day, { keepsIds });
  const post = () => call(simulator, "POST", "/backup", { ...place, backup_id: "b1" });
  expect((await post()).status).toBe(200);
  simulator.clock.advance((day - 60) * 1_000);
  expect((await call(simulator, "GET", listPath)).body.backups).toHaveLength(1);
  simulator.clock.advance(120_000);
  expect((await call(simulator, "GET", listPath)).body).toEqual({ backups: [] });
  const again = await post();
  expect(again.status).toBe(status);
  if (keepsIds) expect(again.body).toBe("backup id already exists");
});

test("a backup that hangs keeps its location busy for days, until the server is killed and the lease expired", async () => {
  const simulator = await withTables();
  simulator.backupsHang = true;
  const hung = call(simulator, "POST", "/backup", { ...place, backup_id: "b1" });
  hung.catch(() => {});
  await expect.poll(() => simulator.isBusy(place.location)).toBe(true);
  simulator.clock.advance(9 * day * 1_000);
  const other = () => call(simulator, "POST", "/backup", { ...place, backup_id: "b2" });
  expect(await other()).toMatchObject({ status: 409, body: expect.stringContaining("busy") });
  await simulator.kill();
  await expect(hung).rejects.toThrow();
  await simulator.start();
  simulator.backupsHang = false;
  expect((await other()).status).toBe(409);
  simulator.clock.advance((day + 60) * 1_000);
  expect((await other()).status).toBe(200);
  expect((await call(simulator, "GET", listPath)).body.backups).toMatchObject([
    { backup_id: "b2" },
  ]);
});

test("main lists a mounted file's secret as not managed; a PUT makes an override, and a DELETE takes only that", async () => {
  const simulator = await withTables({ release: "main" });
  simulator.mountedSecrets.add("a.b");
  const listed = async () => (await call(simulator, "GET", "/secrets")).body;
  const external = { key: "a.b", status: "configured_file", managed: false };
  expect(await listed()).toMatchObject({ secrets: [external], writable: true });
  const remove = () => call(simulator, "DELETE", "/secrets/a.b");
  expect((await remove()).status).toBe(404);
  const stored = await call(simulator, "PUT", "/secrets/a.b", { value: "v" });
  expect(stored).toMatchObject({ status: 200, body: { managed: true } });
  expect((await remove()).status).toBe(204);
  expect((await remove()).status).toBe(404);
  expect(await listed()).toMatchObject({ secrets: [external] });
});

test("main without a native store answers 503 to PUT and DELETE, and lists all the same", async () => {
  const simulator = await withTables({ release: "main" });
  simulator.state.hasSecretStore = false;
  simulator.mountedSecrets.add("a.b");
  expect((await call(simulator, "PUT", "/secrets/a.b", { value: "v" })).status).toBe(503);
  expect((await call(simulator, "DELETE", "/secrets/a.b")).status).toBe(503);
  const { body } = await call(simulator, "GET", "/secrets");
  expect(body).toMatchObject({ writable: false, secrets: [{ key: "a.b" }] });
});

test("0.2.5 knows nothing of mounted files", async () => {
  const simulator = await withTables();
  simulator.mountedSecrets.add("a.b");
  expect((await call(simulator, "GET", "/secrets")).body).toEqual({ secrets: [] });
});

test("gcs:// is another spelling of gs://", async () => {
  const simulator = await withTables();
  simulator.addConnection("gcs", { protocol: "gcs", buckets: ["b"] });
  const to = (location: string) => ({ location, connection: "gcs" });
  await call(simulator, "POST", "/backup", { ...to("gcs://b/x"), backup_id: "b1" });
  const path = `/backups?${new URLSearchParams(to("gs://b/x"))}`;
  expect((await call(simulator, "GET", path)).body.backups).toMatchObject([{ backup_id: "b1" }]);
});
