import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as tar from "tar";
import { z } from "zod";
import type { Say } from "../engine/cache.ts";
import { packArchive } from "../engine/package.ts";
import { runCommand, tail } from "../engine/process.ts";
import { ensurePython } from "../engine/python.ts";
import { repository } from "../repository.ts";
import { inTemporaryFolder } from "../temporary-folder.ts";
import { type Language, runGenerator } from "./sdks.ts";

const timeoutMs = 2 * 60_000;

/** What packing has to know. */
interface Packing {
  /** The SDK's folder. */
  sdk: string;
  /** A folder to work in, which is removed afterwards. */
  scratch: string;
  /** Where the packages go. */
  packages: string;
  env: NodeJS.ProcessEnv;
  say: Say;
}

const packers: Readonly<Record<Language, (packing: Packing) => Promise<void>>> = {
  go: packGo,
  nodejs: packNode,
  python: packPython,
};

/**
 * Packs SDKs as their package registries take them: for Node.js a tarball with the compiled modules,
 * for Python a source distribution and a wheel, for Go the module's archive. It replaces all that is
 * in the packages' folder.
 *
 * @param from the folder of the languages' folders, written by `writeSdks`
 * @param wanted the languages. Python needs `python3`
 * @returns the packages' folder, `packages` beside the languages' folders
 * @throws Error with the words of the tool that packs
 */
export async function packSdks(
  from: string,
  wanted: readonly Language[],
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<string> {
  const packages = join(from, "packages");
  await rm(packages, { recursive: true, force: true });
  await mkdir(packages);
  for (const language of wanted) {
    await inTemporaryFolder((scratch) =>
      packers[language]({ sdk: join(from, language), scratch, packages, env, say }),
    );
  }
  return packages;
}

/** The archive of a module, as a Go proxy serves it. */
async function packGo({ sdk, packages, env, say }: Packing): Promise<void> {
  const version = `v${await versionOf(sdk)}`;
  const file = join(packages, `pulumi-formations-sdk-go-${version}.zip`);
  await runGenerator(["zip", sdk, version, file], env, say);
}

/** The version in the file that every plugin's Go SDK has beside its sources. */
async function versionOf(goSdk: string): Promise<string> {
  const file = join(goSdk, "formations", "pulumi-plugin.json");
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(file, "utf8"))).version;
}

const manifestSchema = z.looseObject({ scripts: z.unknown(), devDependencies: z.unknown() });

/** The modules lie at the package's root, as in every Pulumi SDK: they read package.json beside them. */
async function packNode({ sdk, scratch, packages, env }: Packing): Promise<void> {
  const source = join(scratch, "source");
  const compiled = join(scratch, "package");
  await cp(sdk, source, { recursive: true });
  await symlink(join(repository, "node_modules"), join(source, "node_modules"), "junction");
  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
  const options = ["--outDir", compiled, "--declarationMap", "false", "--sourceMap", "false"];
  await run(process.execPath, [compiler, "-p", source, ...options], source, env);

  const text = await readFile(join(sdk, "package.json"), "utf8");
  // What only a build needs: nothing runs, and nothing more is installed, where the package is.
  const { scripts, devDependencies, ...manifest } = manifestSchema.parse(JSON.parse(text));
  await writeFile(join(compiled, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of ["LICENSE", "README.md"]) await cp(join(sdk, file), join(compiled, file));
  await packArchive(compiled, packages);
}

/** As `python -m build` does, which would install setuptools for itself: the wheel is made of the archive. */
async function packPython({ sdk, scratch, packages, env, say }: Packing): Promise<void> {
  const { interpreter } = await ensurePython(env, say);
  const build = async (what: string, cwd: string) => {
    const hook = `import sys; from setuptools import build_meta; build_meta.build_${what}(sys.argv[1])`;
    await run(interpreter, ["-c", hook, packages], cwd, env);
  };
  const source = join(scratch, "source");
  await cp(sdk, source, { recursive: true });
  await build("sdist", source);

  const [archive = ""] = (await readdir(packages)).filter((file) => file.endsWith(".tar.gz"));
  const unpacked = join(scratch, "unpacked");
  await mkdir(unpacked);
  await tar.extract({ file: join(packages, archive), cwd: unpacked, strip: 1 });
  await build("wheel", unpacked);
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { code, stdout, stderr } = await runCommand(program, args, { cwd, env, timeoutMs });
  if (code !== 0) throw new Error(`${program} failed in ${cwd}:\n${tail(stdout + stderr)}`);
}
