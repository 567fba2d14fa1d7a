import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as tar from "tar";
import { makeOnce, userCacheDirectory } from "../../build/engine/cache.ts";
import { runCommand, tail } from "../../build/engine/process.ts";

/** A package of npm's registry that only some tests need, so that it is no dependency. */
export interface NpmArchive {
  /** Name and version: `@scope/name@1.2.3`. */
  spec: string;
  /** Of its archive, in base64, as `npm view` shows it. */
  sha512: string;
}

const timeoutMs = 5 * 60_000;

/**
 * Loads the archive of a package from whichever registry npm is set up for, and unpacks it into a folder:
 * neither what the package depends on nor its install script.
 *
 * @param paths what of it is unpacked, as `package/bin`. Default: everything
 * @throws Error with npm's last words, or if the archive is another one than expected
 */
export async function unpackFromNpm(
  { spec, sha512 }: NpmArchive,
  into: string,
  env: NodeJS.ProcessEnv,
  paths: readonly string[] = [],
): Promise<void> {
  const folder = await mkdtemp(join(into, "archive-"));
  const flags = ["--fetch-retries=0", "--loglevel=error", "--pack-destination", folder];
  const result = await runCommand("npm", ["pack", spec, ...flags], { env, timeoutMs });
  const [archive] = await readdir(folder);
  if (result.code !== 0 || archive === undefined) throw new Error(tail(result.stderr, 3));
  const file = join(folder, archive);
  const found = createHash("sha512").update(readFileSync(file)).digest("base64");
  if (found !== sha512) throw new Error(`${spec} is not what it was: ${found}`);
  await tar.extract({ file, cwd: into, strip: 1 }, [...paths]);
  await rm(folder, { recursive: true });
}

/**
 * Installs a package with what it depended on at a date, once per user; no script of theirs runs.
 *
 * @param spec name and version: `name@1.2.3`
 * @returns the `node_modules`
 * @throws Error with npm's last words
 */
export async function installFromNpm(
  spec: string,
  date: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const folder = join(userCacheDirectory(env), `npm-${spec.replaceAll(/[^\w.-]+/g, "-")}`);
  await makeOnce(folder, async (temporary) => {
    const flags = [
      "--ignore-scripts",
      "--no-audit",
      "--no-save",
      "--omit=peer",
      "--loglevel=error",
    ];
    const args = ["install", spec, `--before=${date}`, ...flags, "--prefix", temporary];
    const result = await runCommand("npm", args, { cwd: temporary, env, timeoutMs });
    if (result.code !== 0) throw new Error(tail(result.stderr, 3));
  });
  return join(folder, "node_modules");
}
