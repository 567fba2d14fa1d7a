import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Connections } from "../../../../cli/backups/connections.ts";
import { fileSource } from "../../../../cli/backups/schedules/file.ts";
import { loadSchedules, WrongSchedule } from "../../../../cli/backups/schedules/schedule.ts";
import { failure } from "../../../support/failure.ts";
import { ownTemporaryFolder } from "../../../support/temporary-folder.ts";
import { due, nightly, place, world } from "../world.ts";

function written(content: unknown): string {
  const file = join(ownTemporaryFolder(), "schedules.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

const entry = { name: "nightly", ...nightly };

test.each([
  [
    "no JSON",
    '{"version" 1}',
    /schedules\.json is not valid JSON at position 11 \(line 1 column 12\)\.$/,
  ],
  [
    "a key and no JSON",
    '{"antflyApiKey": "a2V5OnNl',
    /schedules\.json is not valid JSON at position \S+ \(.*\)\.$/,
  ],
  ["a slip behind a key", '{"antflyApiKey": a2V5OnNl}', /schedules\.json is not valid JSON\.$/],
  ["another version", { version: 2, schedules: [] }, /was not written by .*export[\s\S]*version/],
  ["no name", { version: 1, schedules: [nightly] }, /schedules\[0\]\.name/],
  [
    "a slip in a key",
    { version: 1, schedules: [{ ...entry, tablename: ["t1"] }] },
    /nightly: tablename is not an input/,
  ],
  [
    "a wrong schedule",
    { version: 1, schedules: [{ ...entry, schedule: "0 3 30 2 *", timezone: "Mars" }] },
    /schedule .*never fires.*timezone .*IANA/,
  ],
])("a file with %s is refused in words", async (_, content, message) => {
  const error = await failure(
    fileSource(written(content), new Connections()).load(),
    WrongSchedule,
  );
  expect(error.message).toMatch(message);
});

test("of two schedules of one series the second is left out, and said to be", async () => {
  const url = "https://antfly.example.com";
  const known = { ...entry, location: "s3://bucket/backups", url };
  const file = written({ version: 1, schedules: [known, { ...known, name: "other" }] });
  const { schedules, failures } = await loadSchedules([fileSource(file, new Connections())]);
  expect(schedules.map(({ name }) => name)).toEqual(["nightly"]);
  expect(failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^other is skipped: it and nightly share a series/),
  ]);
});

test("file:// is another place on each server", async () => {
  const on = (url: string) => ({ ...entry, url });
  const urls = ["https://one.example.com", "https://two.example.com"];
  const file = written({ version: 1, schedules: urls.map(on) });
  const { schedules, failures } = await loadSchedules([fileSource(file, new Connections())]);
  expect(failures).toEqual([]);
  expect(schedules.map(({ url }) => url)).toEqual(urls);
});

test("schedules of one server ask once which dialect it speaks", async () => {
  const { simulator, run } = await world();
  const on = (backupIdPrefix: string) => ({ ...entry, url: simulator.url, backupIdPrefix });
  const file = written({ version: 1, schedules: ["a", "b", "c"].map(on) });
  const environment = { FORMATIONS_ANTFLY_API_KEY: simulator.token };
  const reports = await run(await fileSource(file, new Connections({ environment })).load());
  expect(reports.map(({ result }) => result)).toEqual(["taken", "taken", "taken"]);
  expect(simulator.requests.filter(({ path }) => path === "/api/v1/status")).toHaveLength(1);
});

test("a file that can't be read keeps no other from being run", async () => {
  const file = written({ version: 1, schedules: [entry] });
  const sources = ["/none", file].map((path) => fileSource(path, new Connections()));
  const { schedules, failures } = await loadSchedules(sources);
  expect(schedules.map(({ name }) => name)).toEqual(["nightly"]);
  expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining("/none")]);
});

test("a schedule's own key file takes precedence over the environment's key", async () => {
  const { simulator, run, ids, clock } = await world();
  const keyFile = written(`${simulator.token}\n`);
  const file = `${keyFile}.schedules`;
  const known = { ...entry, ...place, url: simulator.url, antflyApiKeyFile: keyFile };
  writeFileSync(file, JSON.stringify({ version: 1, schedules: [known] }));
  const environment = { FORMATIONS_ANTFLY_API_KEY: "id:of-another-server" };
  const connections = new Connections({ environment, clock });
  const reports = await run(await fileSource(file, connections).load());
  expect(reports).toMatchObject([{ result: "taken" }]);
  expect(ids()).toEqual([due]);
});
