import { execFileSync } from "node:child_process";
import { globSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

/** What Pulumi's dynamic provider process does, which ends on its own only here. */
const program = `
  const host = require(process.argv[1]);
  host.configure({ config: { get: () => undefined } });
  host.read("AppFormation", "not-an-id", {}).catch(({ message }) => console.log(message));
  process.on("beforeExit", () => process.exit());
`;

/** Starts the classes' service, which keeps what it compiled in `caches`; returns what a read printed. */
async function start(caches: string): Promise<string> {
  const host = join(await compiledClone(), "bin", "sdk", "dynamic", "host.js");
  const env = { ...process.env, NODE_COMPILE_CACHE: caches };
  return execFileSync(process.execPath, ["-e", program, host], { env, encoding: "utf8" });
}

function keptIn(caches: string): string {
  const [file, ...others] = globSync("pulumi-formations/classes-*", { cwd: caches });
  expect(others).toEqual([]);
  return join(caches, file ?? "");
}

test("what the first process compiled of the classes' service, the second does not write again", async () => {
  const caches = ownTemporaryFolder();
  const said = await start(caches);
  expect(said).toContain("not-an-id");
  const { ino } = statSync(keptIn(caches));

  expect(await start(caches)).toBe(said);
  expect(statSync(keptIn(caches)).ino).toBe(ino);
});

test("the service starts in spite of damaged code, and replaces it", async () => {
  const caches = ownTemporaryFolder();
  const said = await start(caches);
  const sound = readFileSync(keptIn(caches)).length;
  truncateSync(keptIn(caches), 1000);

  expect(await start(caches)).toBe(said);
  expect(statSync(keptIn(caches)).size).toBeGreaterThan(sound / 2);
});
