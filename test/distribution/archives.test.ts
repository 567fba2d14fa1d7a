import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tar from "tar";
import { beforeAll, expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { packPlugin, writeChecksums } from "../../build/package.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const platforms = ["linux", "darwin", "windows"].flatMap((system) =>
  ["amd64", "arm64"].map((architecture) => `${system}-${architecture}`),
);

let clone: string;

beforeAll(async () => {
  clone = await compiledClone();
}, 120_000);

/** A new folder with the archives. */
async function pack(name: string): Promise<string> {
  const folder = join(ownTemporaryFolder(), name);
  mkdirSync(folder);
  await packPlugin(clone, folder);
  return folder;
}

test("there is an archive a platform, by the names that the engine looks for", async () => {
  const { version } = JSON.parse(readFileSync(join(clone, "package.json"), "utf8"));
  const names = platforms.map((on) => `pulumi-resource-formations-v${version}-${on}.tar.gz`);
  expect(readdirSync(await pack("archives")).sort()).toEqual(names.sort());
});

test("two runs give the same bytes, for every platform", async () => {
  const folders = [await pack("one"), await pack("two")];
  const archives = folders.flatMap((folder) =>
    readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString("base64")),
  );
  expect(archives).toHaveLength(2 * platforms.length);
  expect(new Set(archives).size).toBe(1);
});

test("an archive holds the bundle, the executables and the licences, and no sources", async () => {
  const folder = await pack("archives");
  const [archive = ""] = readdirSync(folder);
  const entries = new Map<string, number | undefined>();
  const onReadEntry = ({ path, mode }: tar.ReadEntry) => entries.set(path, mode);
  await tar.list({ file: join(folder, archive), onReadEntry });
  expect(Object.fromEntries(entries)).toEqual({
    LICENSE: 0o644,
    "bin/plugin/main.js": 0o644,
    "bin/plugin/start.js": 0o644,
    "bin/plugin/third-party-licenses.txt": 0o644,
    "pulumi-resource-formations": 0o755,
    "pulumi-resource-formations.cmd": 0o755,
  });
});

test("the checksums are what sha256sum says", () => {
  const folder = ownTemporaryFolder();
  writeFileSync(join(folder, "one.tar.gz"), "one");
  writeChecksums(folder);
  expect(readFileSync(join(folder, "checksums.txt"), "utf8")).toBe(
    "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  one.tar.gz\n",
  );
});
