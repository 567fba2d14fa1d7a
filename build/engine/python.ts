import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { chmod, copyFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { makeOnce, type Say, userCacheDirectory } from "./cache.ts";
import type { Engine } from "./engine.ts";
import { type GoModule, goInstall, hashModules } from "./go.ts";
import { findProgram } from "./on-path.ts";
import { runCommand, tail } from "./process.ts";

/** A Python to run SDKs and programs with. */
export interface Python {
  /** The virtual environment's folder. */
  environment: string;
  /** Its interpreter. */
  interpreter: string;
}

const hostName = "pulumi-language-python";
const requirements = join(import.meta.dirname, "python", "requirements.txt");
const timeoutMs = 5 * 60_000;

/** The last version of Pulumi's SDK module for Go that has the Python language host in it. */
const hostModule: GoModule = {
  directory: join(import.meta.dirname, "go", "python"),
  packages: "tool",
  version: "v3.68.0",
};

/**
 * Makes a virtual environment with what Python SDKs need, once for this user; pip asks whatever index
 * the machine is set up for.
 *
 * @throws Error when there is no Python, or with pip's last words
 */
export async function ensurePython(env: NodeJS.ProcessEnv, say: Say = () => {}): Promise<Python> {
  const python = findProgram("python3", env);
  if (!python) throw new Error("python3 is not on PATH.");
  const run = async (program: string, args: readonly string[]) => {
    const result = await runCommand(program, args, { env, timeoutMs });
    if (result.code !== 0) throw new Error(tail(result.stdout + result.stderr));
    return result.stdout;
  };
  const version = await run(python, ["-c", "import sys; print(sys.version, sys.prefix)"]);
  const hash = createHash("sha256").update(version).update(readFileSync(requirements));
  const environment = join(userCacheDirectory(env), `python-${hash.digest("hex").slice(0, 12)}`);
  await makeOnce(
    environment,
    async (temporary) => {
      say("Making a Python environment with Pulumi's package, once for this user.");
      await run(python, ["-m", "venv", temporary]);
      const install = ["-m", "pip", "install", "--quiet", "--requirement", requirements];
      await run(interpreterOf(temporary), install);
    },
    say,
  );
  return { environment, interpreter: interpreterOf(environment) };
}

/**
 * Finds the language host for Python programs: the engine's own, else one that is built from its Go
 * module, once for this user.
 *
 * @returns folders for PATH
 * @throws Error when there is neither a host nor Go
 */
export async function ensurePythonHost(
  engine: Engine,
  env: NodeJS.ProcessEnv,
  say: Say = () => {},
): Promise<string[]> {
  if (findProgram(hostName, { PATH: engine.directories.join(delimiter) })) return [];
  const go = findProgram("go", env);
  if (!go) throw new Error("Go is not on PATH, so the Python language host can't be built.");
  const hash = hashModules([hostModule]).digest("hex").slice(0, 12);
  const directory = join(userCacheDirectory(env), `python-host-${hash}`);
  await makeOnce(
    directory,
    async (temporary) => {
      await goInstall(go, hostModule, temporary, env, say);
      const list = ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"];
      const { stdout } = await runCommand(go, list, { cwd: hostModule.directory, env, timeoutMs });
      // The host starts programs with this script, which it looks for beside itself.
      const script = join(temporary, `${hostName}-exec`);
      await copyFile(join(stdout.trim(), "python", "cmd", `${hostName}-exec`), script);
      await chmod(script, 0o755);
    },
    say,
  );
  return [directory];
}

/** The interpreter of a virtual environment. */
export function interpreterOf(environment: string): string {
  return process.platform === "win32"
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python");
}
