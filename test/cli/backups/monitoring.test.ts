import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { LogEntry } from "../../../provider/cli/backups/log";
import { metricsText } from "../../../provider/cli/backups/metrics";
import { ping } from "../../../provider/cli/backups/ping";
import { InstantClock } from "../../support/clock";
import { start, world } from "./world";

test("metrics escape what a label must not hold, and keep what a run cannot tell", async () => {
  const { schedule } = await world();
  const named = { ...schedule(), name: 'a"b\\c' };
  const labels = `{schedule="a\\"b\\\\c",stack="",location="file:///backups",prefix="nightly"}`;
  const before = metricsText(
    [{ schedule: named, result: "taken", lastSuccess: start, durationMs: 1_500, isOverdue: false }],
    start,
  );
  expect(before).toContain(`formations_backup_last_duration_seconds${labels} 1.5\n`);
  const failed = { schedule: named, result: "failed", isOverdue: true } as const;
  const after = metricsText([failed], start + 60_000, before);
  for (const line of [
    `formations_backup_last_success_timestamp_seconds${labels} ${start / 1_000}`,
    `formations_backup_last_duration_seconds${labels} 1.5`,
    `formations_backup_last_result${labels} 0`,
    `formations_backup_overdue${labels} 1`,
    `formations_backup_run_timestamp_seconds ${start / 1_000 + 60}`,
  ]) {
    expect(after.split("\n")).toContain(line);
  }
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
