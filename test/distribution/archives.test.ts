import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tar from "tar";
import { beforeAll, expect, test } from "vitest";
import { compiledClone } from "../../build/engine/package.ts";
import { findNode, type Platform, platformHere } from "../../build/node-builds.ts";
import { packPlugins, writeChecksums } from "../../build/package.ts";
import { repository } from "../../build/repository.ts";
import { ownTemporaryFolder } from "../support/temporary-folder.ts";

const { files: shipped } = readJson("package.json");
/** What the resource plugin's archives have for the command. */
const command = {
  ...Object.fromEntries(
    shipped.filter((file: string) => file.startsWith("docs/")).map((file: string) => [file, 0o644]),
  ),
  "bin/command/main.js": 0o644,
  "bin/command/program.js": 0o644,
  "bin/command/third-party-licenses.txt": 0o644,
  formations: 0o755,
  "formations.cmd": 0o755,
};
const executables = ["pulumi-resource-formations", "pulumi-converter-formations"];
/** Each platform with the name of its Node.js, and what its system loads that with. */
const platforms = [
  ["linux-amd64", "node", "/lib64/ld-linux-x86-64.so.2"],
  ["linux-arm64", "node", "/lib/ld-linux-aarch64.so.1"],
  ["darwin-amd64", "node", "/usr/lib/dyld"],
  ["darwin-arm64", "node", "/usr/lib/dyld"],
  ["windows-amd64", "node.exe", undefined],
  ["windows-arm64", "node.exe", undefined],
] as const;
const { version } = readJson("package.json");

/** The archives, by their names. */
let archives: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  archives = await pack();
}, 120_000);

/** Packs the plugins, with text in place of Node.js: a release downloads that. */
async function pack(only?: readonly Platform[]): Promise<Map<string, Buffer>> {
  const folder = mkdtempSync(join(tmpdir(), "formations-archives-"));
  try {
    await packPlugins(await compiledClone(), folder, {
      platforms: only,
      async node(platform, temporary) {
        const files = { program: join(temporary, "program"), license: join(temporary, "license") };
        writeFileSync(files.program, `Node.js for ${platform}`);
        writeFileSync(files.license, "Node.js' licence");
        return files;
      },
    });
    return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readJson(path: string) {
  return JSON.parse(readFileSync(join(repository, path), "utf8"));
}

test("each plugin has an archive per platform, by the names that the engine looks for", () => {
  const names = executables.flatMap((name) =>
    platforms.map(([platform]) => `${name}-v${version}-${platform}.tar.gz`),
  );
  expect([...archives.keys()].sort()).toEqual(names.sort());
});

test("two runs give the same bytes", async () => {
  const again = await pack(["linux-amd64", "windows-arm64"]);
  expect(again.size).toBe(4);
  for (const [name, content] of again) expect(archives.get(name)?.equals(content)).toBe(true);
});

const contents = platforms.flatMap(([platform, node, loader]) => [
  { platform, node, loader, name: "pulumi-resource-formations", bundle: "bin/plugin" },
  { platform, node, loader, name: "pulumi-converter-formations", bundle: "bin/converter" },
]);

test.each(contents)(
  "$name for $platform has its bundle, executables, Node.js and licences, and no sources",
  async ({ platform, node, loader, name, bundle }) => {
    const file = join(ownTemporaryFolder(), "plugin.tar.gz");
    writeFileSync(file, archives.get(`${name}-v${version}-${platform}.tar.gz`) ?? "");
    const entries = new Map<string, number | undefined>();
    const texts = new Map<string, string>();
    const onReadEntry = (entry: tar.ReadEntry) => {
      entries.set(entry.path, entry.mode);
      entry.on("data", (part) => texts.set(entry.path, (texts.get(entry.path) ?? "") + part));
    };
    await tar.list({ file, onReadEntry });
    expect(Object.fromEntries(entries)).toEqual({
      LICENSE: 0o644,
      [`${bundle}/main.js`]: 0o644,
      [`${bundle}/start.js`]: 0o644,
      [`${bundle}/third-party-licenses.txt`]: 0o644,
      "node/LICENSE": 0o644,
      [`node/${node}`]: 0o755,
      ...(loader && { "node/loader": 0o644 }),
      ...(name === "pulumi-resource-formations" && command),
      [name]: 0o755,
      [`${name}.cmd`]: 0o755,
    });
    expect(texts.get(`node/${node}`)).toBe(`Node.js for ${platform}`);
    expect(texts.get("node/loader")).toBe(loader && `${loader}\n`);
  },
);

test.runIf(process.platform === "linux")(
  "the Node.js of Linux's archives is the one that the tests run on, by its hash",
  async () => {
    const platform = platformHere();
    const { packages } = readJson("package-lock.json");
    const pinned = readJson("build/node-builds.json")[platform];
    expect(pinned.version).toBe(packages["node_modules/node"].version);

    // The clone has it already. It throws if its hash is another.
    const { program } = await findNode(platform, ownTemporaryFolder());

    const loader = platforms.find(([name]) => name === platform)?.[2] ?? "";
    expect(readFileSync(program).subarray(0, 4096).includes(`${loader}\0`)).toBe(true);
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
