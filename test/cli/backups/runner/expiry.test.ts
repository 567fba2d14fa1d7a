import { describe, expect, test } from "vitest";
import { statusOf } from "../../../../cli/backups/reporting/status.ts";
import { fileMemory } from "../../../../cli/backups/runner/memory.ts";
import { ownTemporaryFolder } from "../../../support/temporary-folder.ts";
import { due, place, start, world } from "../world.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** Fires on the first of the month. */
const monthly = { schedule: "0 3 1 * *", backupIdPrefix: "monthly" };
const first = Date.parse("2031-02-01T03:00:00Z");
const firstId = "monthly-20310201T030000Z";

/** A machine of its own: what one remembers, the others don't. */
const machine = () => ({ memory: fileMemory(ownTemporaryFolder()) });

/** A world ten minutes after the slot of the first of February. */
async function monthlyWorld() {
  const given = await world();
  given.clock.advance(first + 600_000 - start);
  const schedule = given.schedule(monthly);
  const state = async (options = {}) => {
    const settings = { clock: given.clock, signal: given.options.signal, backups: 3 };
    const [status] = await statusOf([schedule], { ...settings, overdueAfterMs: hour, ...options });
    return status?.state;
  };
  return { ...given, monthly: [schedule], state };
}

describe("a slot whose backup a lifecycle rule has removed", () => {
  test.each([
    ["and whose ID is free again", false],
    ["and whose ID the server still calls taken", true],
  ])("is not taken again by any machine, whatever it remembers: %s", async (_, keepsIds) => {
    const { simulator, run, monthly, clock, state, ids } = await monthlyWorld();
    simulator.addLifecycleRule(place.location, (7 * day) / 1_000, { keepsIds });
    const one = machine();
    expect(await run(monthly, one)).toMatchObject([{ result: "taken" }]);
    for (const age of [6, 9, 20]) {
      clock.advance(first + age * day - clock.now());
      const isThere = age < 7;
      expect(await run(monthly, one)).toMatchObject([
        { result: isThere ? "found" : "expired", isOverdue: false },
      ]);
      expect(await run(monthly, machine())).toMatchObject([
        { result: isThere ? "found" : "lapsed", isOverdue: false },
      ]);
      expect(await state(one)).toBe(isThere ? "ok" : "expired");
      expect(await state(machine())).toBe(isThere ? "ok" : "lapsed");
    }
    expect(simulator.count("POST")).toBe(1);
    expect(ids()).toEqual(keepsIds ? [firstId] : []);
    // The next slot is taken as ever.
    clock.advance(Date.parse("2031-03-01T03:00:01Z") - clock.now());
    expect(await run(monthly, machine())).toMatchObject([{ result: "taken" }]);
  });

  test("is remembered by a machine that only saw it listed", async () => {
    const { simulator, run, schedule, clock } = await world();
    simulator.addBackup(place.location, due);
    const one = machine();
    expect(await run([schedule()], one)).toMatchObject([{ result: "found" }]);
    simulator.removeBackup(place.location, due);
    clock.advance(hour);
    expect(await run([schedule()], one)).toMatchObject([{ result: "expired", isOverdue: false }]);
    expect(simulator.count("POST")).toBe(0);
  });
});

describe("an ID that exists and is not listed", () => {
  test("is posted once, and treated as taken from then on", async () => {
    const { simulator, run, schedule, sent, clock } = await world();
    simulator.addBackup(place.location, due);
    simulator.breakManifest(place.location, due);
    const one = machine();
    const [report] = await run([schedule()], one);
    expect(report).toMatchObject({
      ...{ result: "expired", isOverdue: false },
      reason: expect.stringMatching(/already exists.* does not list .* manifest is unreadable/),
    });
    const list = "GET /db/v1/backups";
    expect(sent()).toEqual([list, "POST /db/v1/backup", list, list]);
    clock.advance(300_000);
    expect(await run([schedule()], one)).toMatchObject([{ result: "expired" }]);
    expect(sent()).toEqual([list]);
  });
});

describe("a slot that was missed", () => {
  test("is caught up as long as it is certain that it was: a day", async () => {
    const { run, monthly, clock, state } = await monthlyWorld();
    clock.advance(23 * hour);
    expect(await state(machine())).toBe("overdue");
    expect(await run(monthly, machine())).toMatchObject([{ result: "taken" }]);
  });

  test("and not later, since it may have been taken and removed meanwhile", async () => {
    const { simulator, run, monthly, clock, entries } = await monthlyWorld();
    clock.advance(2 * day);
    expect(await run(monthly, machine())).toMatchObject([{ result: "lapsed", isOverdue: false }]);
    expect(entries.at(-1)).toMatchObject({
      level: "info",
      message: expect.stringMatching(
        /is not taken: it was due 2 d.*no backup .* older.*--catch-up/,
      ),
    });
    expect(simulator.count("POST")).toBe(0);
    expect(await run(monthly, { ...machine(), catchUpMs: 3 * day })).toMatchObject([
      { result: "taken" },
    ]);
  });

  test("is caught up at any time where the location still lists an older backup of the series", async () => {
    const { simulator, run, monthly, clock, state } = await monthlyWorld();
    simulator.addBackup(place.location, "monthly-20310101T030000Z");
    clock.advance(20 * day);
    expect(await state(machine())).toBe("overdue");
    expect(await run(monthly, machine())).toMatchObject([{ result: "taken" }]);
  });

  test("is retried for as long as one machine keeps seeing it missing", async () => {
    const { simulator, run, monthly, clock } = await monthlyWorld();
    const one = machine();
    const kind = { type: "status", status: 400, body: "backup connection was not found" } as const;
    for (let days = 0; days < 5; days += 1) {
      simulator.order({ method: "POST", kind });
      expect(await run(monthly, one)).toMatchObject([{ result: "failed" }]);
      clock.advance(0.9 * day);
    }
    expect(await run(monthly, one)).toMatchObject([{ result: "taken" }]);
  });

  test("is not taken after --catch-up, and stays overdue if it is certain that it was missed", async () => {
    const { simulator, run, schedule } = await world();
    simulator.addBackup(place.location, "nightly-20310114T030000Z");
    const reports = await run([schedule()], { ...machine(), catchUpMs: 8 * hour });
    expect(reports).toMatchObject([
      { result: "lapsed", isOverdue: true, reason: expect.stringContaining("--catch-up allows") },
    ]);
    expect(simulator.count("POST")).toBe(0);
  });
});

describe("a schedule that was declared", () => {
  const minuteAgo = start - 60_000;

  test("a minute ago is due and not overdue, and its first backup is taken at once", async () => {
    const { run, schedule, clock, options } = await world();
    const fresh = { ...schedule(monthly), createdAt: minuteAgo };
    const settings = { clock, signal: options.signal, overdueAfterMs: hour, backups: 1 };
    expect(await statusOf([fresh], settings)).toMatchObject([{ state: "due" }]);
    expect(await run([fresh])).toMatchObject([{ result: "taken", isOverdue: false }]);
  });

  test("two hours ago is overdue", async () => {
    const { schedule, clock, options } = await world();
    const fresh = { ...schedule(), createdAt: start - 2 * hour };
    const settings = { clock, signal: options.signal, overdueAfterMs: hour, backups: 1 };
    expect(await statusOf([fresh], settings)).toMatchObject([{ state: "overdue" }]);
  });

  test.each([
    ["was changed or resumed a minute ago waits for its next slot", undefined, "waiting"],
    ["asks for it takes one at once", false, "taken"],
    ["never wants it waits too", true, "waiting"],
  ])("and %s", async (_, skipImmediately, result) => {
    const { run, schedule, clock, sent } = await world();
    const changed = {
      ...schedule({ schedule: "0 11 * * *", skipImmediately }),
      createdAt: start - 40 * day,
      changedAt: minuteAgo,
    };
    expect(await run([changed])).toMatchObject([{ result, isOverdue: false }]);
    if (result === "waiting") expect(sent()).toEqual([]);
    clock.advance(day);
    expect(await run([changed])).toMatchObject([{ result: "taken" }]);
  });

  test("new, and with skipImmediately, waits for its first slot", async () => {
    const { run, schedule, clock } = await world();
    const fresh = { ...schedule({ skipImmediately: true }), createdAt: minuteAgo };
    expect(await run([fresh])).toMatchObject([{ result: "waiting", isOverdue: false }]);
    clock.advance(day);
    expect(await run([fresh])).toMatchObject([{ result: "taken" }]);
  });
});
