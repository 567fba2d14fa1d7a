import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeOnce, type Say, userCacheDirectory } from "./cache.ts";
import { findProgram } from "./on-path.ts";
import { runCommand, tail } from "./process.ts";

/** A Python to run SDKs and programs with. */
export interface Python {
  /** The virtual environment's folder. */
  environment: string;
  /** Its interpreter. */
  interpreter: string;
}

const requirements = join(import.meta.dirname, "python", "requirements.txt");
const timeoutMs = 5 * 60_000;

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

/** The interpreter of a virtual environment. */
export function interpreterOf(environment: string): string {
  return process.platform === "win32"
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python");
}
