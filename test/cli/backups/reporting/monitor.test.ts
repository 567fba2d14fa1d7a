import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Monitor, type Monitors } from "../../../../cli/backups/reporting/monitor.ts";
import { runDue } from "../../../../cli/backups/runner/run.ts";
import type { Schedule } from "../../../../cli/backups/schedules/schedule.ts";
import { ownTemporaryFolder } from "../../../support/temporary-folder.ts";
import { due, world } from "../world.ts";

/** A service that pings go to; what it was told, as `path body`, with each run ID numbered. */
async function service() {
  const told: string[] = [];
  const rids: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const url = new URL(request.url ?? "", "http://x");
    const rid = url.searchParams.get("rid") ?? "none";
    if (!rids.includes(rid)) rids.push(rid);
    told.push(`${url.pathname} #${rids.indexOf(rid)} ${Buffer.concat(chunks)}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { told, rids, url: `http://127.0.0.1:${port}` };
}

/** Runs once as the command does. */
async function monitored(
  given: Awaited<ReturnType<typeof world>>,
  schedules: readonly Schedule[],
  monitors: Monitors,
) {
  const { options } = given;
  const monitor = new Monitor(monitors, options);
  const reports = await runDue(schedules, { ...options, monitor });
  await monitor.publish(reports, []);
  return reports;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("each schedule has a URL of its own, with its start and its end under one run ID", async () => {
  const { told, rids, url } = await service();
  const given = await world();
  const schedules = [
    given.schedule(),
    { ...given.schedule({ backupIdPrefix: "broken", tableNames: ["x"] }), name: "a b/c" },
  ];
  await monitored(given, schedules, { pingUrl: `${url}/key/{name}` });
  expect(told.filter((line) => line.startsWith("/key/nightly"))).toEqual([
    "/key/nightly/start #0 nightly",
    `/key/nightly #0 nightly: ${due} taken`,
  ]);
  const rest = told.filter((line) => !line.startsWith("/key/nightly"));
  expect(rest).toEqual([
    "/key/a%20b%2Fc/start #1 a b/c",
    expect.stringMatching(/^\/key\/a%20b%2Fc\/fail #1 a b\/c: the backup is failed: x/),
  ]);
  for (const rid of rids) expect(rid).toMatch(uuid);
});

test("one URL for all is told one start, and a failure if any schedule failed", async () => {
  const { told, url } = await service();
  const given = await world();
  const schedules = [
    given.schedule(),
    given.schedule({ backupIdPrefix: "broken", tableNames: ["x"] }),
  ];
  await monitored(given, schedules, { pingUrl: `${url}/one` });
  expect(told).toEqual([
    "/one/start #0 nightly",
    expect.stringMatching(/^\/one\/fail #0 broken: the backup is failed: x/),
  ]);
  // While it pauses after the failure, all is not well.
  await monitored(given, schedules, { pingUrl: `${url}/one` });
  expect(told.slice(2)).toEqual([
    "/one/start #1 nightly",
    expect.stringMatching(/^\/one\/fail #1 broken: failed, and is retried after/),
  ]);
});

test("a service with another convention is told a start only at a URL of its own", async () => {
  const { told, url } = await service();
  const given = await world();
  const monitors = { pingUrl: `${url}/up`, pingFailureUrl: `${url}/down` };
  await monitored(given, [given.schedule()], monitors);
  expect(told).toEqual([`/up #0 nightly: ${due} taken`]);
  await monitored(given, [given.schedule()], { ...monitors, pingStartUrl: `${url}/begin` });
  expect(told.slice(1)).toEqual(["/begin #1 nightly", `/up #1 nightly: ${due} found`]);
});

test("a backup that hangs has pinged its start, and becomes overdue in the metrics while it hangs", async () => {
  const { told, url } = await service();
  const given = await world();
  const metricsFile = join(ownTemporaryFolder(), "backups.prom");
  given.simulator.backupsHang = true;
  const { options, aborter, clock, simulator } = given;
  const schedule = { ...given.schedule(), createdAt: clock.now() };
  const monitor = new Monitor({ pingUrl: `${url}/{prefix}`, metricsFile }, options);
  const ended = runDue([schedule], { ...options, monitor });
  await expect.poll(() => simulator.count("POST")).toBe(1);
  await expect.poll(() => told).toEqual(["/nightly/start #0 nightly"]);
  const text = async () => {
    await monitor.publish([], []);
    return readFileSync(metricsFile, "utf8");
  };
  expect(await text()).toMatch(
    /overdue\{[^}]*\} 0\n[\s\S]*running_since_timestamp_seconds\{[^}]*\} \d+/,
  );
  clock.advance(2 * 3_600_000);
  expect(await text()).toMatch(/overdue\{[^}]*\} 1\n/);
  aborter.abort(new Error("stopped by SIGTERM"));
  await monitor.publish(await ended, []);
  expect(told.at(-1)).toMatch(/^\/nightly\/fail #0 nightly: nightly-\S+ was under way/);
});

test("metrics written while a run goes on keep what the last one said of schedules not looked at yet", async () => {
  const given = await world();
  const metricsFile = join(ownTemporaryFolder(), "backups.prom");
  const schedules = [given.schedule(), given.schedule({ backupIdPrefix: "other" })];
  await monitored(given, schedules, { metricsFile });
  const lines = () => readFileSync(metricsFile, "utf8").split("\n");
  const ofSeries = (line: string) => /_(last|overdue)\w*\{/.test(line);
  const before = lines().filter(ofSeries);
  const monitor = new Monitor({ metricsFile }, given.options);
  await monitor.publish([], []);
  expect(lines().filter(ofSeries)).toEqual(before);
  monitor.expect(schedules);
  for (const schedule of schedules) monitor.begin(schedule);
  await monitor.publish([], []);
  expect(lines().filter(ofSeries)).toEqual(before);
  expect(
    lines().filter((line) => line.includes("running_since") && !line.startsWith("#")),
  ).toHaveLength(2);
});
