import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { metricsText, writeMetrics } from "../../../../cli/backups/reporting/metrics.ts";
import type { Report } from "../../../../cli/backups/runner/run.ts";
import { ownTemporaryFolder } from "../../../support/temporary-folder.ts";
import { start, world } from "../world.ts";

const run = (now: number, ...reports: Report[]) => ({
  ...{ reports, now },
  isWell: reports.every(({ result }) => result !== "failed"),
});

test("metrics escape what a label must not hold, and keep what a run cannot tell", async () => {
  const { simulator, schedule } = await world();
  const named = { ...schedule(), name: 'a"b\\c' };
  const { host } = new URL(simulator.url);
  const labels = `{schedule="a\\"b\\\\c",stack="",server="${host}",location="file:///backups",prefix="nightly"}`;
  const taken = {
    result: "taken",
    lastSuccess: start,
    durationMs: 1_500,
    isOverdue: false,
  } as const;
  const before = metricsText(run(start, { schedule: named, ...taken }));
  expect(before).toContain(`formations_backup_last_duration_seconds${labels} 1.5\n`);
  const failed = { schedule: named, result: "failed", isOverdue: true } as const;
  const after = metricsText(run(start + 60_000, failed), before);
  for (const line of [
    `formations_backup_last_success_timestamp_seconds${labels} ${start / 1_000}`,
    `formations_backup_last_duration_seconds${labels} 1.5`,
    `formations_backup_last_result${labels} 0`,
    `formations_backup_overdue${labels} 1`,
    `formations_backup_run_timestamp_seconds ${start / 1_000 + 60}`,
    "formations_backup_run_result 0",
  ]) {
    expect(after.split("\n")).toContain(line);
  }
});

/** A family of Prometheus' text format, and a sample of it, as its grammar has them. */
const family = /^# HELP (\w+) [^\n]+\n# TYPE \1 gauge\n((?:\1(?:\{[^\n]*\})? [^\n]*\n)+)/;
const sample =
  /^[a-zA-Z_:][\w:]*(?:\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"(?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*")*\})? \d+(?:\.\d+)?$/;

test("metrics are Prometheus' text: each family once, told what it is, and no series twice", async () => {
  const { schedule } = await world();
  const [one, other] = [schedule(), schedule({ backupIdPrefix: "other", suspend: true })];
  let rest = metricsText(
    run(
      start,
      { schedule: { ...one, name: 'a"b\\c\nd' }, result: "failed", isOverdue: true },
      { schedule: other, result: "suspended", isOverdue: false },
      { schedule: one, result: "found", lastSuccess: start + 7, isOverdue: false },
    ),
  );
  const [names, series]: [string[], string[]] = [[], []];
  while (rest !== "") {
    const [whole = "", name = "", samples = ""] = family.exec(rest) ?? [];
    expect(whole, rest).not.toBe("");
    names.push(name);
    for (const line of samples.trimEnd().split("\n")) {
      expect(line).toMatch(sample);
      series.push(line.slice(0, line.lastIndexOf(" ")));
    }
    rest = rest.slice(whole.length);
  }
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(series).size).toBe(series.length);
});

test("a metrics file is replaced whole, and left unchanged where that can't be done", async () => {
  const folder = ownTemporaryFolder();
  const path = join(folder, "backups.prom");
  await writeMetrics(path, run(start));
  const [inode, reader] = [statSync(path).ino, openSync(path, "r")];
  await writeMetrics(path, run(start + 1_000));
  expect(statSync(path).ino).not.toBe(inode);
  expect(readFileSync(reader, "utf8")).toBe(metricsText(run(start)));
  closeSync(reader);
  expect(readFileSync(path, "utf8")).toBe(metricsText(run(start + 1_000)));
  mkdirSync(join(folder, "taken", "inside"), { recursive: true });
  await expect(writeMetrics(join(folder, "taken"), run(start))).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(["backups.prom", "taken"]);
});
