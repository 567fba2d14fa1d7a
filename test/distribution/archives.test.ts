import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tar from "tar";
import { beforeAll, expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { packPlugins, writeChecksums } from "../../build/package.ts";
import { repository } from "../../build/repository.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const executables = ["pulumi-resource-formations", "pulumi-converter-formations"];
const platforms = ["linux", "darwin", "windows"].flatMap((system) =>
  ["amd64", "arm64"].map((architecture) => `${system}-${architecture}`),
);

/** The archives, by their names. */
let archives: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  archives = await pack();
}, 120_000);

async function pack(): Promise<Map<string, Buffer>> {
  const folder = mkdtempSync(join(tmpdir(), "formations-archives-"));
  try {
    await packPlugins(await compiledClone(), folder);
    return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("each plugin has an archive per platform, by the names that the engine looks for", () => {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const names = executables.flatMap((name) =>
    platforms.map((on) => `${name}-v${version}-${on}.tar.gz`),
  );
  expect([...archives.keys()].sort()).toEqual(names.sort());
});

/** The different contents of a plugin's archives. */
function contentsOf(executable: string, packed = archives): string[] {
  const own = [...packed].filter(([name]) => name.startsWith(`${executable}-v`));
  return [...new Set(own.map(([, content]) => content.toString("base64")))];
}

test("two runs give the same bytes, for every platform", async () => {
  const again = await pack();
  for (const executable of executables) {
    expect(contentsOf(executable)).toHaveLength(1);
    expect(contentsOf(executable, again)).toEqual(contentsOf(executable));
  }
});

test.each([
  ["pulumi-resource-formations", "bin/plugin"],
  ["pulumi-converter-formations", "bin/converter"],
])(
  "an archive of %s holds its bundle, executables and licences, and no sources",
  async (name, bundle) => {
    const [content = ""] = contentsOf(name);
    const file = join(ownTemporaryFolder(), "plugin.tar.gz");
    writeFileSync(file, content, "base64");
    const entries = new Map<string, number | undefined>();
    const onReadEntry = ({ path, mode }: tar.ReadEntry) => entries.set(path, mode);
    await tar.list({ file, onReadEntry });
    expect(Object.fromEntries(entries)).toEqual({
      LICENSE: 0o644,
      [`${bundle}/main.js`]: 0o644,
      [`${bundle}/start.js`]: 0o644,
      [`${bundle}/third-party-licenses.txt`]: 0o644,
      [name]: 0o755,
      [`${name}.cmd`]: 0o755,
    });
  },
);

test("the checksums are what sha256sum says", () => {
  const folder = ownTemporaryFolder();
  writeFileSync(join(folder, "one.tar.gz"), "one");
  writeChecksums(folder);
  expect(readFileSync(join(folder, "checksums.txt"), "utf8")).toBe(
    "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  one.tar.gz\n",
  );
});
