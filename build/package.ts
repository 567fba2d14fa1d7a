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
import { dirname, join } from "node:path";
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

/** The programs of each archive, by the names of their executables, with what each needs of `bin`. */
const archives = [
  {
    name: "pulumi-resource-formations",
    programs: [
      { executable: "pulumi-resource-formations", bundle: join("bin", "plugin") },
      // For users of other languages than TypeScript, who have no npm package.
      { executable: "formations", bundle: join("bin", "command") },
    ],
    hasPages: true,
  },
  {
    name: "pulumi-converter-formations",
    programs: [{ executable: "pulumi-converter-formations", bundle: join("bin", "converter") }],
    hasPages: false,
  },
];

const manifest = z.object({ version: z.string(), files: z.array(z.string()) });

/** The time that npm gives to the files of its tarballs: two runs give the same bytes. */
const mtime = new Date("1985-10-26T08:15:00.000Z");

/** What is packed, and with which Node.js. */
export interface PackOptions {
  /** Default: all. */
  platforms?: readonly Platform[];
  /** Finds a platform's Node.js; it may write to an empty folder. Default: {@link findNode}. */
  node?: (platform: Platform, temporary: string) => Promise<NodeFiles>;
}

/**
 * Packs the built plugins for `pulumi plugin install`: for each, one archive per OS and architecture, with
 * that platform's Node.js. The resource plugin's has the command `formations` too, with its pages. They have no PulumiPlugin.yaml: the engine would have npm install what it finds
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
  const { version, files: shipped } = manifest.parse(
    JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
  );
  const pages = shipped.filter((file) => file.startsWith("docs/"));
  for (const platform of platforms) {
    await inTemporaryFolder(async (temporary) => {
      const files = await node(platform, temporary);
      for (const { name, programs, hasPages } of archives) {
        await inTemporaryFolder(async (content) => {
          const executables = programs.flatMap((program) => addProgram(root, program, content));
          executables.push(addNode(platform, files, content));
          addFiles(root, ["LICENSE", ...(hasPages ? pages : [])], content);
          const archive = join(folder, `${name}-v${version}-${platform}.tar.gz`);
          await pack(content, executables, archive);
        });
      }
    });
  }
}

/**
 * Puts a program into a folder.
 *
 * @returns the names of its executables.
 */
function addProgram(
  root: string,
  { executable, bundle }: (typeof archives)[number]["programs"][number],
  content: string,
): string[] {
  const executables = [executable, `${executable}.cmd`];
  cpSync(join(root, bundle), join(content, bundle), { recursive: true });
  addFiles(root, executables, content);
  return executables;
}

/** Copies files to the same place in a folder. */
function addFiles(root: string, files: readonly string[], content: string): void {
  for (const file of files) {
    mkdirSync(dirname(join(content, file)), { recursive: true });
    copyFileSync(join(root, file), join(content, file));
  }
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
