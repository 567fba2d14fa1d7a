import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { LogEntry } from "../../../../cli/backups/reporting/log.ts";
import { metricsText, writeMetrics } from "../../../../cli/backups/reporting/metrics.ts";
import { ping } from "../../../../cli/backups/reporting/ping.ts";
import type { Report } from "../../../../cli/backups/runner/run.ts";
import { InstantClock } from "../../../support/clock.ts";
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

test("a metrics file is replaced whole, and left as it is where that can't be done", async () => {
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

/** A server that answers pings with these statuses in turn, then with 200. */
async function listener(...statuses: number[]) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? "");
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { paths, url: new URL(`http://127.0.0.1:${port}/secret-path`) };
}

function told() {
  const entries: LogEntry[] = [];
  return { entries, log: (entry: LogEntry) => void entries.push(entry), clock: new InstantClock() };
}

test("a ping that fails is sent again, and once it is heard nothing is said", async () => {
  const { paths, url } = await listener(500, 502);
  const to = told();
  await ping({ success: url }, true, "fine", to);
  expect(paths).toEqual(["/secret-path", "/secret-path", "/secret-path"]);
  expect(to.entries).toEqual([]);
});

test("a ping that nobody hears is a warning without the URL's path", async () => {
  const { url } = await listener(500, 500, 500);
  const to = told();
  await ping({ success: url }, true, "fine", to);
  expect(to.entries).toMatchObject([{ level: "warning" }]);
  expect(to.entries[0]?.message).toContain("it answered 500");
  expect(to.entries[0]?.message).not.toContain("secret-path");
});

test.each([
  ["another URL where one is given", true, "/other"],
  ["the same with /fail else", false, "/secret-path/fail"],
])("a failure is told to %s", async (_, hasOwn, path) => {
  const { paths, url } = await listener();
  const failureUrl = hasOwn ? new URL("/other", url) : undefined;
  await ping({ success: url, failure: failureUrl }, false, "down", told());
  expect(paths).toEqual([path]);
});
