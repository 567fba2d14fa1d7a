import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as tar from "tar";
import { z } from "zod";
import {
  platforms as allPlatforms,
  buildFor,
  findNode,
  type NodeFiles,
  type Platform,
} from "./node-builds.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";

/** The plugins, by the names of their executables, with what each needs of `bin`. */
const plugins = [
  { executable: "pulumi-resource-formations", bundle: join("bin", "plugin") },
  { executable: "pulumi-converter-formations", bundle: join("bin", "converter") },
];
/** The time that npm gives to the files of its tarballs: two runs give the same bytes. */
const mtime = new Date("1985-10-26T08:15:00.000Z");

/** What of the plugins is packed, and with which Node.js. */
export interface PackOptions {
  /** Default: all. */
  platforms?: readonly Platform[];
  /** Finds a platform's Node.js; it may write to an empty folder. Default: {@link findNode}. */
  node?: (platform: Platform, temporary: string) => Promise<NodeFiles>;
}

/**
 * Packs the built plugins for `pulumi plugin install`: for each, one archive per OS and architecture, with
 * that platform's Node.js. They have no PulumiPlugin.yaml: the engine would have npm install what it finds
 * beside one.
 *
 * @param root - the clone's root, built.
 * @param folder - where the archives go; it has to be there.
 */
export async function packPlugins(
  root: string,
  folder: string,
  { platforms = allPlatforms, node = findNode }: PackOptions = {},
): Promise<void> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  for (const platform of platforms) {
    await inTemporaryFolder(async (temporary) => {
      const files = await node(platform, temporary);
      for (const plugin of plugins) {
        const archive = `${plugin.executable}-v${version}-${platform}.tar.gz`;
        await inTemporaryFolder(async (content) => {
          const executables = addPlugin(root, plugin, content);
          executables.push(addNode(platform, files, content));
          await pack(content, executables, join(folder, archive));
        });
      }
    });
  }
}

/**
 * Puts a plugin and the licence into a folder.
 *
 * @returns the names of its executables.
 */
function addPlugin(
  root: string,
  { executable, bundle }: (typeof plugins)[number],
  content: string,
): string[] {
  const executables = [executable, `${executable}.cmd`];
  cpSync(join(root, bundle), join(content, bundle), { recursive: true });
  for (const file of ["LICENSE", ...executables]) {
    copyFileSync(join(root, file), join(content, file));
  }
  return executables;
}

/**
 * Puts a platform's Node.js where a plugin's executables look for it.
 *
 * @returns the program's path in the folder.
 */
function addNode(platform: Platform, { program, license }: NodeFiles, content: string): string {
  const { program: name, loader } = buildFor(platform);
  mkdirSync(join(content, "node"));
  copyFileSync(program, join(content, "node", name));
  copyFileSync(license, join(content, "node", "LICENSE"));
  if (loader !== undefined) writeFileSync(join(content, "node", "loader"), `${loader}\n`);
  return join("node", name);
}

/** Packs a folder, in which only these files are executable. */
async function pack(
  content: string,
  executables: readonly string[],
  archive: string,
): Promise<void> {
  const files = readdirSync(content, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  // A clone's own modes depend on its user's settings.
  for (const file of files) chmodSync(file, 0o644);
  for (const file of executables) chmodSync(join(content, file), 0o755);

  const names = files.map((file) => file.slice(content.length + 1).replaceAll("\\", "/")).sort();
  // Level 9 would take three times as long for 0.3 % less.
  const options = { cwd: content, file: archive, gzip: { level: 6 }, portable: true, mtime };
  await tar.create(options, names);
}

/** Writes the SHA-256 of each package in a folder, as `sha256sum --check` reads it. */
export function writeChecksums(folder: string): void {
  const lines = globSync("*.{tgz,tar.gz}", { cwd: folder })
    .sort()
    .map((file) => {
      const hash = createHash("sha256").update(readFileSync(join(folder, file)));
      return `${hash.digest("hex")}  ${file}\n`;
    });
  writeFileSync(join(folder, "checksums.txt"), lines.join(""));
}
