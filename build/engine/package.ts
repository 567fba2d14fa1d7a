import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { cp, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as tar from "tar";
import { z } from "zod";
import { bundleAll } from "../bundle.ts";
import { repository } from "../repository.ts";
import { alone, makeOnce } from "./cache.ts";
import { runDirectoryVariable } from "./environment.ts";
import { runCommand, tail } from "./process.ts";

/**
 * How a program's folder comes by the package: `packed` as from a registry, `linked` as a `file:`
 * dependency or a workspace has it, `none` for programs that don't use it.
 */
export type PackageVariant = "packed" | "linked" | "none";

const timeoutMs = 5 * 60_000;
const keptPackages = 3;

const manifestSchema = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  files: z.array(z.string()).default([]),
});

/**
 * Lays a `node_modules` out in a program's folder, offline: the package itself, and links to this
 * clone's copies of what the package depends on and of what TypeScript programs need, so that
 * there is one @pulumi/pulumi.
 *
 * The programs of a test run share one copy of the package, which lies in a `node_modules` too: Node.js
 * and Pulumi go by where a module really is.
 *
 * @param root - the clone's root.
 */
export async function installPackage(
  programFolder: string,
  variant: PackageVariant,
  root = repository,
): Promise<void> {
  const { name, dependencies } = readManifest(root);
  const modules = join(programFolder, "node_modules");
  await mkdir(modules, { recursive: true });
  for (const dependency of [...Object.keys(dependencies), "typescript", "@types/node"]) {
    await link(join(root, "node_modules", dependency), join(modules, dependency));
  }
  const runDirectory = process.env[runDirectoryVariable];
  if (variant === "linked") {
    await link(await compiledClone(root), join(modules, name));
  } else if (variant === "packed" && runDirectory !== undefined) {
    const shared = join(runDirectory, `installed-${sourceHash(root)}`);
    await makeOnce(shared, (temporary) => copyPackage(join(temporary, "node_modules"), root));
    await link(join(shared, "node_modules", name), join(modules, name));
  } else if (variant === "packed") {
    await copyPackage(modules, root);
  }
}

/** Copies the package into a `node_modules`, with links to what it depends on. */
async function copyPackage(modules: string, root: string): Promise<void> {
  const { name, dependencies } = readManifest(root);
  await cp(await packedPackage(root), join(modules, name), { recursive: true });
  for (const dependency of Object.keys(dependencies)) {
    const path = join(modules, dependency);
    if (!existsSync(path)) await link(join(root, "node_modules", dependency), path);
  }
}

/**
 * The package's files as `npm pack` would publish them, built from the sources as they are now;
 * made anew only when these change.
 *
 * @returns the folder with the package's content, not to be changed.
 * @throws Error with the compiler's messages when the sources don't compile.
 */
export async function packedPackage(root = repository): Promise<string> {
  const hash = sourceHash(root);
  const directory = join(cacheOf(root), `package-${hash}`);
  await makeOnce(directory, async (temporary) => {
    await compile(root, hash);
    await pack(root, temporary);
  });
  await removeOldPackages(cacheOf(root));
  return directory;
}

/**
 * A clone whose `bin` is compiled from the sources as they are now.
 *
 * @returns its root, where the plugin's executable lies.
 * @throws Error with the compiler's messages when the sources don't compile.
 */
export async function compiledClone(root = repository): Promise<string> {
  await compile(root, sourceHash(root));
  return root;
}

/**
 * Brings `bin` up to date with the sources of that hash. It is compiled elsewhere and swapped in
 * whole: no stale file stays, and no half of it is seen.
 */
async function compile(root: string, hash: string): Promise<void> {
  const bin = join(root, "bin");
  const fresh = join(cacheOf(root), "bin");
  const compiled = join(cacheOf(root), "bin-hash");
  const isCurrent = () =>
    existsSync(bin) && existsSync(compiled) && readFileSync(compiled, "utf8") === hash;
  if (isCurrent()) return;
  await alone(fresh, async () => {
    if (isCurrent()) return;
    await rm(fresh, { recursive: true, force: true });
    const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
    const args = [compiler, "-p", "tsconfig.build.json", "--outDir", fresh];
    args.push("--tsBuildInfoFile", join(fresh, ".tsbuildinfo"));
    const result = await runCommand(process.execPath, args, { cwd: root, timeoutMs });
    if (result.code !== 0) throw new Error(`The package does not compile:\n${tail(result.stdout)}`);
    await rm(join(fresh, ".tsbuildinfo"), { force: true });
    await bundleAll(root, fresh);
    await rm(bin, { recursive: true, force: true });
    await rename(fresh, bin);
    await writeFile(compiled, hash);
  });
}

async function pack(root: string, into: string): Promise<void> {
  const archive = await packArchive(root, into);
  await tar.extract({ file: archive, cwd: into, strip: 1 });
  await rm(archive);
}

/**
 * Packs a clone whose `bin` is compiled as `npm pack` does, into a folder that has no archive yet.
 *
 * @param published - what to take from npm's registry, or from npm's cache, instead: `name@version`.
 * @returns the archive's path.
 */
export async function packArchive(root: string, into: string, published?: string): Promise<string> {
  const args = ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", into];
  if (published !== undefined) args.push("--prefer-offline", published);
  const npm = process.env.npm_execpath;
  const [file, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  const result = await runCommand(file, [...first, ...args], { cwd: root, timeoutMs });
  const [archive] = (await readdir(into)).filter((entry) => entry.endsWith(".tgz"));
  if (result.code !== 0 || !archive) throw new Error(`npm pack failed:\n${tail(result.stderr)}`);
  return join(into, archive);
}

let ownHash: string | undefined;

/** This clone's is remembered: its sources do not change while a process runs. */
function sourceHash(root: string): string {
  if (root !== repository) return readSources(root);
  ownHash ??= readSources(root);
  return ownHash;
}

/** A hash of all that the package is made from: sources, settings and the other files that it ships. */
function readSources(root: string): string {
  const { files } = readManifest(root);
  const shipped = files.filter(
    (entry) => !/^(\.\/)?bin(\/|$)/.test(entry) && !entry.startsWith("!"),
  );
  const patterns = ["build", "cli", "provider", "sdk", "simulators", ...shipped].map((entry) =>
    entry.replace(/\/+$/, ""),
  );
  patterns.push("package.json", "tsconfig*.json", "README*", "LICENSE*", "PulumiPlugin.yaml");
  const hash = createHash("sha256");
  const found = globSync(
    patterns.flatMap((pattern) => [pattern, `${pattern}/**`]),
    { cwd: root },
  );
  for (const file of [...new Set(found)].sort()) {
    const path = join(root, file);
    if (statSync(path).isFile()) hash.update(`${file}\0`).update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex").slice(0, 12);
}

function readManifest(root: string) {
  return manifestSchema.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
}

function cacheOf(root: string): string {
  return join(root, "node_modules", ".cache", "pulumi-formations");
}

async function removeOldPackages(cache: string): Promise<void> {
  const packages = (await readdir(cache)).filter((entry) => /^package-[0-9a-f]{12}$/.test(entry));
  const age = (entry: string) => statSync(join(cache, entry)).mtimeMs;
  packages.sort((a, b) => age(b) - age(a));
  for (const entry of packages.slice(keptPackages)) {
    await rm(join(cache, entry), { recursive: true, force: true });
  }
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path, "junction");
}
