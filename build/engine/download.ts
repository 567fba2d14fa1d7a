import { join } from "node:path";
import { repository } from "../repository.ts";
import { makeOnce, type Say } from "./cache.ts";
import { runCommand, tail } from "./process.ts";
import { type EngineAge, engineVersions } from "./versions.ts";

/** The official installation script downloads about 150 MB. */
const timeoutMs = 5 * 60_000;

/** Where an engine is that was downloaded, as Pulumi's Automation API does that. */
export function downloadDirectory(cache: string, age: EngineAge): { root: string; bin: string } {
  const root = join(cache, `engine-${engineVersions[age]}-${process.platform}-${process.arch}`);
  return { root, bin: join(root, "bin") };
}

/**
 * Downloads the official engine into `directory`.
 *
 * @returns the reason why it could not be had, or undefined when it is there.
 */
export async function downloadEngine(
  directory: string,
  age: EngineAge,
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<string | undefined> {
  say(`Downloading the official Pulumi engine ${engineVersions[age]} (about 150 MB).`);
  // PulumiCommand.install can't be cancelled, so it runs in a process that can be killed.
  const script =
    'require("@pulumi/pulumi/automation").PulumiCommand.install({ root: process.argv[1], version: process.argv[2] })' +
    ".catch((error) => { console.error(error.message); process.exitCode = 1; });";
  try {
    await makeOnce(
      directory,
      async (temporary) => {
        const given = [temporary, engineVersions[age]];
        const args = ["--input-type=commonjs", "--eval", script, ...given];
        const options = { cwd: repository, env, timeoutMs };
        const result = await runCommand(process.execPath, args, options);
        if (result.code !== 0) throw new Error(tail(result.stderr, 1));
      },
      say,
    );
    return undefined;
  } catch (error) {
    return `The official download did not work: ${error instanceof Error ? error.message : error}`;
  }
}
