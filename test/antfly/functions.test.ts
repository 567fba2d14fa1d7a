import { describe, expect, test } from "vitest";
import * as reading from "../../provider/antfly/functions.ts";
import { functions } from "../../provider/antfly/index.ts";
import { dialects, place, world } from "./world.ts";

test("every function is among the system's", () => {
  expect(functions.map(({ name }) => name).toSorted()).toEqual([
    "getAntflyBackups",
    "getAntflyHealth",
    "getAntflyMetrics",
    "getAntflySecrets",
    "getAntflyStatus",
  ]);
});

describe.each(dialects)("in %s", (dialect) => {
  test("getAntflyStatus tells health and dialect", async () => {
    const { context } = await world({ dialect });
    const result = await reading.getAntflyStatus.invoke({}, context);
    expect(result).toMatchObject({ health: "healthy", authEnabled: true, dialect });
    expect(reading.getAntflyStatus.result.safeParse(result).success).toBe(true);
  });

  test("getAntflyHealth asks the health port", async () => {
    const { context, sent } = await world({ dialect });
    expect(await reading.getAntflyHealth.invoke({}, context)).toEqual({ status: "ok" });
    expect(sent()).toEqual(["GET /healthz"]);
  });

  test("getAntflyMetrics asks the health port", async () => {
    const { context, sent } = await world({ dialect });
    const { metrics } = await reading.getAntflyMetrics.invoke({}, context);
    expect(metrics).toMatch(/^# HELP antfly/);
    expect(sent()).toEqual(["GET /metrics"]);
  });

  test("getAntflyBackups gives times in UTC", async () => {
    const { simulator, context } = await world({ dialect });
    simulator.addBackup(place.location, "b1", ["t1"]);
    const result = await reading.getAntflyBackups.invoke(place, context);
    expect(result.backups).toEqual([
      {
        backupId: "b1",
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/),
        tables: ["t1"],
        location: place.location,
        antflyVersion: expect.any(String),
      },
    ]);
    expect(reading.getAntflyBackups.result.safeParse(result).success).toBe(true);
  });

  test("getAntflySecrets shows no value", async () => {
    const { simulator, api, options, context } = await world({ dialect });
    simulator.environmentSecrets.add("k2");
    await api.putSecret("k1", { value: "hunter22" }, options);
    const result = await reading.getAntflySecrets.invoke({}, context);
    const time = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(result.secrets).toMatchObject([
      { key: "k1", createdAt: time, updatedAt: time },
      { key: "k2", status: "configured_env" },
    ]);
    expect(JSON.stringify(result)).not.toContain("hunter22");
    expect(reading.getAntflySecrets.result.safeParse(result).success).toBe(true);
  });
});

test.each([
  ["2025-01-15T10:30:00.123456789+02:00", "2025-01-15T08:30:00.123Z"],
  ["2025-01-15T10:30:00Z", "2025-01-15T10:30:00Z"],
  ["yesterday", "yesterday"],
])("a server's time %s is told as %s", async (timestamp, told) => {
  const { simulator, context } = await world();
  const body = { backups: [{ backup_id: "b", timestamp, tables: [], location: "file:///x" }] };
  simulator.order({ path: "/db/v1/backups", kind: { type: "status", status: 200, body } });
  const { backups } = await reading.getAntflyBackups.invoke(place, context);
  expect(backups[0]?.timestamp).toBe(told);
});

test.each([
  ["getAntflyStatus", reading.getAntflyStatus.invoke],
  ["getAntflyBackups", reading.getAntflyBackups.invoke],
  ["getAntflySecrets", reading.getAntflySecrets.invoke],
])("%s asks the server that its url names", async (_, invoke) => {
  const other = await world();
  const one = await world();
  await invoke({ ...place, url: other.simulator.url }, one.context);
  expect(one.sent()).toEqual([]);
  expect(other.asked()).toHaveLength(1);
});
