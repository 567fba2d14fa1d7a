import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tar from "tar";
import { z } from "zod";

const systems = ["linux", "darwin", "windows"];
const architectures = ["amd64", "arm64"];
/** The plugins, by the names of their executables, with what each needs of `bin`. */
const plugins = [
  { executable: "pulumi-resource-formations", bundle: join("bin", "plugin") },
  { executable: "pulumi-converter-formations", bundle: join("bin", "converter") },
];
/** The time that npm gives to the files of its tarballs: two runs give the same bytes. */
const mtime = new Date("1985-10-26T08:15:00.000Z");

/**
 * Packs the built plugins for `pulumi plugin install`: for each, one archive per OS and architecture, all
 * with the same content, which needs only Node.js. They have no PulumiPlugin.yaml: the engine would have
 * npm install what it finds beside one.
 *
 * @param root - the clone's root, built.
 * @param folder - where the archives go; it has to be there.
 */
export async function packPlugins(root: string, folder: string): Promise<void> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  for (const { executable, bundle } of plugins) {
    const archive = join(folder, "plugin.tar.gz");
    await pack(root, bundle, [executable, `${executable}.cmd`], archive);
    for (const system of systems) {
      for (const architecture of architectures) {
        const name = `${executable}-v${version}-${system}-${architecture}.tar.gz`;
        copyFileSync(archive, join(folder, name));
      }
    }
    rmSync(archive);
  }
}

/** Packs a plugin: its bundle, its executables and the licence. */
async function pack(
  root: string,
  bundle: string,
  executables: readonly string[],
  archive: string,
): Promise<void> {
  const content = mkdtempSync(join(tmpdir(), "formations-plugin-"));
  try {
    cpSync(join(root, bundle), join(content, bundle), { recursive: true });
    for (const file of ["LICENSE", ...executables]) {
      copyFileSync(join(root, file), join(content, file));
    }
    const files = readdirSync(content, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    // A clone's own modes depend on its user's settings.
    for (const file of files) chmodSync(file, 0o644);
    for (const file of executables) chmodSync(join(content, file), 0o755);

    const names = files.map((file) => file.slice(content.length + 1).replaceAll("\\", "/")).sort();
    const options = { cwd: content, file: archive, gzip: { level: 9 }, portable: true, mtime };
    await tar.create(options, names);
  } finally {
    rmSync(content, { recursive: true });
  }
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
