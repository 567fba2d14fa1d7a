import { chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replaceFile } from "../../provider/process/replace-file.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const hour = 60 * 60_000;

/** Leaves a temporary file behind, as a process does that is killed, and says it is that old. */
async function leaveTemporary(folder: string, ageMs: number): Promise<string> {
  const name = "other.json.4711-abcdefgh.formations.tmp";
  await writeFile(join(folder, name), "half");
  const time = new Date(Date.now() - ageMs);
  await utimes(join(folder, name), time, time);
  return name;
}

test("a file gets the content and the permissions, and nothing else is left", async () => {
  const folder = ownTemporaryFolder();
  const file = join(folder, "window.json");
  replaceFile(file, "one", 0o600);
  replaceFile(file, "two", 0o600);
  expect(await readFile(file, "utf8")).toBe("two");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["window.json"]);
});

test("where it can't be replaced what was there stays, and no temporary file", async () => {
  const folder = ownTemporaryFolder();
  const full = join(folder, "full");
  await mkdir(full);
  await writeFile(join(full, "one"), "");
  expect(() => replaceFile(full, "two")).toThrow();
  expect(await readdir(folder)).toEqual(["full"]);
});

test("what a killed process left is removed once it is an hour old", async () => {
  const folder = ownTemporaryFolder();
  await leaveTemporary(folder, hour + 60_000);
  replaceFile(join(folder, "window.json"), "one");
  expect(await readdir(folder)).toEqual(["window.json"]);
});

test("what another process may be writing is left alone", async () => {
  const folder = ownTemporaryFolder();
  const name = await leaveTemporary(folder, hour - 60_000);
  replaceFile(join(folder, "window.json"), "one");
  expect(await readdir(folder)).toEqual([name, "window.json"]);
});

test("that the folder can't be listed does not matter", async () => {
  const folder = ownTemporaryFolder();
  await chmod(folder, 0o300);
  replaceFile(join(folder, "window.json"), "one");
  await chmod(folder, 0o700);
  expect(await readFile(join(folder, "window.json"), "utf8")).toBe("one");
});
