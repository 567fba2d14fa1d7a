import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { makeOnce, type Say, userCacheDirectory } from "../../build/engine/cache.ts";
import { findProgram } from "../../build/engine/on-path.ts";
import { runCommand, tail } from "../../build/engine/process.ts";
import { unpackFromNpm } from "../support/npm-archive.ts";

/** The releases that tests know: one from npm, one from PyPI. */
export const releases = ["0.2.2", "0.2.5"] as const;
export type Release = (typeof releases)[number];

/** What a server is started with. */
export interface Installed {
  binary: string;
  /** A library to preload, where the machine has too few processors. */
  preload?: string;
}

const npmPackage = {
  spec: "@antfly/cli-linux-x64@0.2.2",
  sha512:
    "86nPR5Pj8lo0esOXSirTHeD4TZIraWLhybPvvwZz0X6cPoDqxdBsKMzAE2Ob3etNNaZXE8EsJWqbUeczbKRM8w==",
};
/** Where each installation has the program. */
const binaries: Record<Release, string> = {
  "0.2.2": join("bin", "antfly"),
  "0.2.5": join("antfly_cli", "bin", "antfly"),
};
const requirements = join(import.meta.dirname, "requirements.txt");
const affinity = join(import.meta.dirname, "affinity.c");
const timeoutMs = 5 * 60_000;

/** With fewer processors a server hangs at its start. */
const fewestProcessors = 6;

/**
 * Installs a release of the real server, once for this user: about 60 MB to load, 142 MB on disk. It is
 * no dependency of the package, since nobody but these tests needs it, and only Linux has it.
 *
 * @throws Error saying why it can't run here
 */
export async function ensureAntfly(
  release: Release,
  env: NodeJS.ProcessEnv = process.env,
  say: Say = () => {},
): Promise<Installed> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`there is no build for ${process.platform}-${process.arch}`);
  }
  const preload = availableParallelism() < fewestProcessors ? await ensureAffinity(env) : undefined;
  const directory = join(userCacheDirectory(env), `antfly-${release}`);
  const fill = release === "0.2.2" ? fromNpm : fromPython;
  await makeOnce(directory, (temporary) => fill(temporary, env, say), say);
  return { binary: join(directory, binaries[release]), preload };
}

async function fromNpm(into: string, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  say(`Loading ${npmPackage.spec} for tests (60 MB), once for this user.`);
  // The dashboard, which answers unknown paths, lies in share.
  await unpackFromNpm(npmPackage, into, env, ["package/bin", "package/share"]);
}

async function fromPython(into: string, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  const python = findProgram("python3", env);
  if (!python) throw new Error("python3 is not on PATH");
  say("Loading antfly-cli 0.2.5 for tests (60 MB), once for this user.");
  const flags = ["--quiet", "--no-deps", "--require-hashes", "--retries=1", "--target", into];
  await run(python, ["-m", "pip", "install", ...flags, "--requirement", requirements], env);
  await rm(join(into, "antfly_cli", "lib"), { recursive: true });
  await chmod(join(into, binaries["0.2.5"]), 0o755);
}

/** Compiles what shows the server eight processors. */
async function ensureAffinity(env: NodeJS.ProcessEnv): Promise<string> {
  const compiler = findProgram("cc", env) ?? findProgram("gcc", env);
  if (!compiler) {
    throw new Error(`it hangs on fewer than ${fewestProcessors} processors, and there is no cc`);
  }
  const hash = createHash("sha256").update(readFileSync(affinity)).digest("hex").slice(0, 12);
  const directory = join(userCacheDirectory(env), `antfly-affinity-${hash}`);
  const library = "affinity.so";
  await makeOnce(directory, async (temporary) => {
    await run(compiler, ["-shared", "-fPIC", "-o", join(temporary, library), affinity], env);
  });
  return join(directory, library);
}

async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const result = await runCommand(program, args, { env, timeoutMs });
  if (result.code !== 0) throw new Error(tail(result.stderr || result.stdout, 3));
}
