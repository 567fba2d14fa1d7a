import { CronExpressionParser } from "cron-parser";
import { describe, expect, test } from "vitest";
import { backupIdOf, lastSlot, nextSlot, slotOf } from "../../../../cli/backups/runner/slots.ts";

const at = (time: string) => Date.parse(time);
const shown = (slot: number | undefined) =>
  slot === undefined ? undefined : new Date(slot).toISOString().replace(":00.000Z", "Z");

/** One schedule a time zone; the skipped slots are those that the clock passes over. */
const year = [
  { timezone: "UTC", schedule: "0 */6 * * *" },
  { timezone: "Europe/Berlin", schedule: "30 2 * * *", skipped: ["2025-03-30"] },
  { timezone: "America/New_York", schedule: "0 * * * *" },
  { timezone: "America/St_Johns", schedule: "15 2,14 * * *", skipped: ["2025-03-09"] },
  { timezone: "America/Santiago", schedule: "45 23 * * 1-5" },
  { timezone: "Africa/Cairo", schedule: "20 4 * * *" },
  { timezone: "Africa/Casablanca", schedule: "5 1,13 * * *" },
  { timezone: "Asia/Kathmandu", schedule: "0 5 1 * *" },
  { timezone: "Australia/Lord_Howe", schedule: "30 4 * * *" },
  { timezone: "Pacific/Auckland", schedule: "30 1,5 * * *" },
];

describe.each(year)("a year of $schedule in $timezone", ({ schedule, timezone, skipped = [] }) => {
  const from = at("2025-01-01T00:00Z");
  const to = at("2026-01-01T00:00Z");
  const timetable = { schedule, timezone };

  /** What an independent library has; it gives a skipped time at another minute, after the gap too. */
  function expected(): number[] {
    const currentDate = new Date(from - 1);
    const parser = CronExpressionParser.parse(schedule, { tz: timezone, currentDate });
    const slots: number[] = [];
    for (let slot = parser.next().getTime(); slot < to; slot = parser.next().getTime()) {
      slots.push(slot);
    }
    return slots;
  }

  function slots(): number[] {
    const found: number[] = [];
    for (let now = from - 1; ; ) {
      const slot = nextSlot(timetable, now);
      if (slot === undefined || slot >= to) return found;
      found.push(slot);
      now = slot;
    }
  }

  test("has every slot once, as another library has them", { timeout: 60_000 }, () => {
    const found = slots();
    const others = expected();
    const isSkipped = (slot: number) => skipped.some((day) => shown(slot)?.startsWith(day));
    expect(found.filter((slot) => !isSkipped(slot)).map(shown)).toEqual(
      others.filter((slot) => !isSkipped(slot)).map(shown),
    );
    expect(found).toHaveLength(others.length);
    expect(new Set(found.map((slot) => backupIdOf("n", slot))).size).toBe(found.length);
  });

  test("is seen whole by a runner, whenever it wakes between two slots", {
    timeout: 60_000,
  }, () => {
    const found = slots();
    for (const [index, slot] of found.entries()) {
      const next = found[index + 1] ?? to;
      for (const now of [slot, next - 1]) {
        expect(lastSlot(timetable, now)).toBe(slot);
      }
    }
  });
});

describe("on a day on which the clock changes", () => {
  const between = (schedule: string, timezone: string, from: string, to: string) => {
    const found: (string | undefined)[] = [];
    for (let now = at(from) - 1; ; ) {
      const slot = nextSlot({ schedule, timezone }, now);
      if (slot === undefined || slot >= at(to)) return found;
      found.push(shown(slot));
      now = slot;
    }
  };

  const skipping = ["2025-03-29T23:00Z", "2025-03-30T22:00Z"] as const;
  const repeating = ["2025-10-25T22:00Z", "2025-10-26T23:00Z"] as const;

  test.each([
    ["a skipped time is taken when the clock goes on", skipping, "30 2 * * *", ["03-30T01:00Z"]],
    [
      "a skipped time of a list is taken too",
      skipping,
      "30 2,14 * * *",
      ["03-30T01:00Z", "03-30T12:30Z"],
    ],
    ["a repeated time is taken once", repeating, "30 2 * * *", ["10-26T00:30Z"]],
    [
      "a repeated time of a list is taken once",
      repeating,
      "30 2,14 * * *",
      ["10-26T00:30Z", "10-26T13:30Z"],
    ],
  ])("%s", (_, [from, to], schedule, expected) => {
    const found = between(schedule, "Europe/Berlin", from, to);
    expect(found).toEqual(expected.map((time) => `2025-${time}`));
  });

  test.each([
    ["23", skipping, 23],
    ["25", repeating, 25],
  ] as const)("each of the %s hours that there are has its slot", (_, [from, to], count) => {
    expect(between("0 * * * *", "Europe/Berlin", from, to)).toHaveLength(count);
  });
});

test("of several slots that were missed only the newest is left", () => {
  const daily = { schedule: "0 3 * * *", timezone: "UTC" };
  expect(shown(lastSlot(daily, at("2025-01-15T02:59:59Z")))).toBe("2025-01-14T03:00Z");
  expect(shown(lastSlot(daily, at("2025-01-20T12:00:00Z")))).toBe("2025-01-20T03:00Z");
});

test("a leap day's slot is found years later", () => {
  const leap = { schedule: "0 0 29 2 *", timezone: "UTC" };
  expect(shown(lastSlot(leap, at("2027-05-01T00:00Z")))).toBe("2024-02-29T00:00Z");
  expect(shown(nextSlot(leap, at("2027-05-01T00:00Z")))).toBe("2028-02-29T00:00Z");
});

test("a backup's ID tells its slot in UTC, and only that of its prefix", () => {
  const slot = at("2025-01-15T03:00:00Z");
  expect(backupIdOf("nightly", slot)).toBe("nightly-20250115T030000Z");
  expect(slotOf("nightly", "nightly-20250115T030000Z")).toBe(slot);
  for (const other of ["by-hand", "nightly-2-20250115T030000Z", "nightly-20251315T030000Z"]) {
    expect(slotOf("nightly", other)).toBeUndefined();
  }
});
