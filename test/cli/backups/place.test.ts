import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addList } from "../../../cli/backups/commands/list.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { invoke, location, place, server } from "./invocation.ts";

/** A simulator with a backup, and a file with schedules of these names for it. */
async function world(...names: string[]) {
  const antfly = await server();
  antfly.addBackup(location, "b1");
  const schedules = names.map((name) => ({
    ...{ name, schedule: "0 3 * * *", location, connection: "bk", backupIdPrefix: `${name}-1` },
    url: antfly.url,
  }));
  const file = join(ownTemporaryFolder(), "schedules.json");
  await writeFile(file, JSON.stringify({ version: 1, schedules }));
  return (...args: string[]) => invoke(addList, "list", "--json", ...args, "--file", file);
}

test.each([
  ["the only schedule", ["nightly"], []],
  ["the schedule of a name", ["nightly", "hourly"], ["--of", "hourly"]],
  ["the schedule of a prefix", ["nightly", "hourly"], ["--of", "hourly-1"]],
])("the place is that of %s", async (_, names, args) => {
  const list = await world(...names);
  const { code, out, error } = await list(...args);
  expect([code, error]).toEqual([0, undefined]);
  expect(JSON.parse(out)).toMatchObject([{ backupId: "b1" }]);
});

test.each([
  [
    "none of several",
    [],
    "2 schedules: nightly, hourly. Choose one with --of, for example --of nightly.",
  ],
  [
    "one that is not there",
    ["--of", "weekly"],
    "2 schedules: nightly, hourly. Choose one with --of, for example --of nightly.",
  ],
  [
    "a place beside it",
    ["--of", "nightly", ...place],
    "cannot be combined with --stack and --file",
  ],
])("to name %s is an error", async (_, args, message) => {
  const list = await world("nightly", "hourly");
  const { code, error } = await list(...args);
  expect(code).toBe(1);
  expect(error).toContain(message);
});

test("without a schedule and without a location there is no place", async () => {
  await server();
  const { code, error } = await invoke(addList, "list");
  expect(code).toBe(1);
  expect(error).toContain("--stack, --file or --location");
});
