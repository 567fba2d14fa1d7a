import { expect, test } from "vitest";
import {
  needsCare,
  type ScheduleStatus,
  statusOf,
  statusTable,
} from "../../../../cli/backups/reporting/status.ts";
import type { Values } from "../../../../provider/resource/values.ts";
import { due, place, world } from "../world.ts";

const hour = 3_600_000;

/** How a schedule stands nine hours after its slot, at a server that the test prepares. */
async function look(
  change: Values,
  prepare: (simulator: Awaited<ReturnType<typeof world>>["simulator"]) => unknown = () => {},
  overdueAfterMs = hour,
): Promise<ScheduleStatus> {
  const { simulator, schedule, clock, options } = await world();
  await prepare(simulator);
  const settings = { clock, signal: options.signal, overdueAfterMs, backups: 2 };
  const [status] = await statusOf([schedule(change)], settings);
  expect(simulator.count("POST")).toBe(0);
  if (!status) throw new Error("there is no status");
  return status;
}

const nightly = (day: number) => `nightly-203101${day}T030000Z`;

test("a slot whose backup is listed is ok, and the newest backups are shown", async () => {
  const status = await look({}, (simulator) => {
    for (const id of [nightly(13), nightly(15), nightly(14), "by-hand"]) {
      simulator.addBackup(place.location, id);
    }
  });
  expect(status).toMatchObject({
    ...{ state: "ok", lastSlot: "2031-01-15T03:00:00Z", nextSlot: "2031-01-16T03:00:00Z" },
    backups: [
      { backupId: due, timestamp: "2031-01-15T12:00:00Z", tables: ["t1", "t2"] },
      { backupId: nightly(14) },
    ],
  });
  expect(status.backups).toHaveLength(2);
  expect(needsCare(status)).toBe(false);
});

test.each([
  ["due while it may still come", {}, 10 * hour, "due", false],
  ["overdue afterwards", {}, hour, "overdue", true],
  ["suspended, whatever is missing", { suspend: true }, hour, "suspended", false],
])("a slot whose backup is missing is %s", async (_, change, overdueAfterMs, state, isCare) => {
  const status = await look(change, undefined, overdueAfterMs);
  expect(status).toMatchObject({ state, backups: [] });
  expect(needsCare(status)).toBe(isCare);
});

test("a server that is down leaves the state unknown, with the reason below the table", async () => {
  const status = await look({}, (simulator) => simulator.refuse());
  expect(status).toMatchObject({ state: "unknown", error: expect.stringContaining("refused") });
  expect(needsCare(status)).toBe(true);
  const lines = statusTable([status], 80).split("\n");
  expect(lines.at(-1)).toBe(`nightly: ${status.error}`);
  expect(lines.some((line) => /nightly .*unknown .*2031-01-16 03:00 UTC/.test(line))).toBe(true);
  expect(lines).toContain("  no backups");
});

test("a table and what is below it fit into 80 columns, whatever went wrong", async () => {
  const { schedule, clock, options, run } = await world();
  const broken = schedule({ tableNames: ["x"], timezone: "America/Argentina/ComodRivadavia" });
  await run([broken]);
  const monthly = schedule({ schedule: "0 3 1 * *", backupIdPrefix: "monthly" });
  const settings = { clock, signal: options.signal, overdueAfterMs: hour, backups: 2 };
  const statuses = await statusOf([broken, monthly], settings);
  expect(statuses).toMatchObject([
    { state: "overdue", failure: { reason: expect.stringContaining("the backup is failed: x") } },
    { state: "lapsed" },
  ]);
  const lines = statusTable(statuses, 80).split("\n");
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(lines.join(" ")).toMatch(
    /the last try failed \(retried after 2031-01-15 09:01 +America\/Argentina/,
  );
  expect(lines.join("").replaceAll(/\s+/g, " ")).toContain("taken and removed, or missed");
});
