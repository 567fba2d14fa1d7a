import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as tar from "tar";
import { z } from "zod";
import { packedPackage } from "../../build/engine/package.ts";
import { repository } from "../../build/repository.ts";

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional() })),
});

/** Where each version of each package lies in this clone. */
function foldersByName(): Map<string, Map<string, string>> {
  const file = join(repository, "node_modules", ".package-lock.json");
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const found = new Map<string, Map<string, string>>();
  for (const [path, { version }] of Object.entries(packages)) {
    const folder = join(repository, path);
    if (version === undefined || !existsSync(join(folder, "package.json"))) continue;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    found.set(name, (found.get(name) ?? new Map<string, string>()).set(version, folder));
  }
  return found;
}

/** A registry that listens. */
export interface Registry {
  url: string;
  close(): void;
}

/**
 * Serves the packages of this clone's node_modules, and this package as it would be published, as a
 * registry on the loopback interface: package managers install from it without a network.
 *
 * @param forCompilers whether packages have what only a compiler or a reader needs. Default: false
 */
export async function startRegistry({ forCompilers = false } = {}): Promise<Registry> {
  const folders = foldersByName();
  const own = await packedPackage();
  const { name, version } = manifestIn(own);
  folders.set(String(name), new Map([[String(version), own]]));
  const tarballs = new Map<string, Promise<Tarball>>();
  const tarballOf = (folder: string) => {
    const made = tarballs.get(folder) ?? pack(folder, forCompilers || folder === own);
    tarballs.set(folder, made);
    return made;
  };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent((request.url ?? "/").slice(1));
    const [wanted = "", tarball] = path.split("/-/");
    const versions = folders.get(wanted);
    if (!versions) {
      response.writeHead(404).end("{}");
      return;
    }
    const folder = tarball && versions.get(tarball.replace(/\.tgz$/, ""));
    if (folder) response.end((await tarballOf(folder)).bytes);
    else response.end(JSON.stringify(await packument(wanted, versions)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: urlOf(), close };

  function urlOf(): string {
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function packument(name: string, folders: Map<string, string>) {
    const versions: Record<string, object> = {};
    const time: Record<string, string> = {};
    for (const [version, folder] of folders) {
      const tarball = `${urlOf()}/${name}/-/${version}.tgz`;
      // Yarn classic takes no package without one.
      const { shasum } = await tarballOf(folder);
      // Some managers wait until a version is some days old.
      time[version] = "2020-01-01T00:00:00.000Z";
      versions[version] = { ...manifestIn(folder), dist: { tarball, shasum } };
    }
    return { name, "dist-tags": { latest: Object.keys(versions).at(-1) }, versions, time };
  }
}

/** A package as it is published. */
interface Tarball {
  bytes: Buffer;
  shasum: string;
}

/** Files that are loaded by no program that requires the package: three quarters of all. */
const unneeded = /\.(map|d\.[cm]?ts|md)$|\/(esm|esnext)\//;

async function pack(folder: string, isWhole: boolean): Promise<Tarball> {
  const files = readdirSync(folder).filter((file) => file !== "node_modules");
  const filter = (path: string) => isWhole || !unneeded.test(path);
  const settings = { cwd: folder, gzip: { level: 1 }, prefix: "package", filter };
  const stream = tar.create(settings, files);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return { bytes, shasum: createHash("sha1").update(bytes).digest("hex") };
}

function manifestIn(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
