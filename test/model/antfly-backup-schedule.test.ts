import fc from "fast-check";
import { test } from "vitest";
import { AntflySimulator } from "../../simulators/antfly.ts";
import { backupSchedule } from "../antfly/subjects.ts";
import { type Model, modelTimeout, tryModel } from "./property.ts";

type Drift = "a backup is taken" | "its backups are deleted" | "its connection is gone";

const model: Model<AntflySimulator, Drift> = {
  subject: backupSchedule,
  simulator() {
    const simulator = new AntflySimulator();
    simulator.addTable("orders");
    simulator.addConnection("bk2");
    return simulator;
  },
  inputs: {
    schedule: fc.constantFrom("0 3 * * *", "*/5 * * * 1-5", "0  3 * *  *"),
    location: fc.constantFrom("file:///nightly", "file:///hourly"),
    connection: fc.constantFrom("bk", "bk2"),
    timezone: fc.constantFrom("UTC", "Europe/Berlin"),
    tableNames: fc.uniqueArray(fc.constantFrom("orders", "users", "events"), { minLength: 1 }),
    format: fc.constantFrom("native", "portable"),
    backupIdPrefix: fc.constantFrom("nightly", "hourly"),
    suspend: fc.boolean(),
  },
  optional: ["timezone", "tableNames", "format", "backupIdPrefix", "suspend"],
  kinds: ["create", "same", "update", "replace", "refused"],
  drifts: fc.constantFrom("a backup is taken", "its backups are deleted", "its connection is gone"),
  drift(simulator, prefix, drift) {
    const id = `${prefix}-20260101T030000Z`;
    if (drift === "a backup is taken") simulator.addBackup("file:///nightly", id);
    else if (drift === "its backups are deleted") simulator.removeBackup("file:///nightly", id);
    else simulator.connections.delete("bk2");
  },
  // The schedule is in the state alone: the world has nothing of it.
  differences: (_, prefix, { backupIdPrefix = prefix }) =>
    backupIdPrefix === prefix ? [] : [`backupIdPrefix is ${prefix}`],
  touched: ({ method }) => [`a ${method}`],
  remains: () => undefined,
  refusals: /backup connection was not found/,
};

test("backup schedules: after a run the next preview is empty, and nothing is ever written", {
  timeout: modelTimeout,
}, async () => {
  await tryModel(model, 25);
});
