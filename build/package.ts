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
const executables = ["pulumi-resource-formations", "pulumi-resource-formations.cmd"];
/** The time that npm gives to the files of its tarballs: two runs give the same bytes. */
const mtime = new Date("1985-10-26T08:15:00.000Z");

/**
 * Packs the built plugin for `pulumi plugin install`: one archive per OS and architecture, all with the
 * same content, which needs only Node.js. They have no PulumiPlugin.yaml: the engine would have npm
 * install what it finds beside one.
 *
 * @param root - the clone's root, built.
 * @param folder - where the archives go; it has to be there.
 */
export async function packPlugin(root: string, folder: string): Promise<void> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const content = mkdtempSync(join(tmpdir(), "formations-plugin-"));
  try {
    cpSync(join(root, "bin", "plugin"), join(content, "bin", "plugin"), { recursive: true });
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
    const archive = join(folder, "plugin.tar.gz");
    const options = { cwd: content, file: archive, gzip: { level: 9 }, portable: true, mtime };
    await tar.create(options, names);
    for (const system of systems) {
      for (const architecture of architectures) {
        const name = `pulumi-resource-formations-v${version}-${system}-${architecture}.tar.gz`;
        copyFileSync(archive, join(folder, name));
      }
    }
    rmSync(archive);
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
