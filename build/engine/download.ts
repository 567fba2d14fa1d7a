import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "../repository.ts";
import { makeOnce, type Say } from "./cache.ts";
import { dynamicHostDirectory } from "./on-path.ts";
import { runCommand, tail } from "./process.ts";

/** The official installation script downloads about 150 MB. */
const timeoutMs = 5 * 60_000;

/** The engine of @pulumi/pulumi's own version is downloaded, as Pulumi's Automation API does. */
export function downloadDirectory(cache: string): { root: string; bin: string } {
  const manifest = readFileSync(join(dynamicHostDirectory, "package.json"), "utf8");
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest));
  const root = join(cache, `engine-${version}-${process.platform}-${process.arch}`);
  return { root, bin: join(root, "bin") };
}

/**
 * Downloads the official engine into `directory`.
 *
 * @returns the reason why it could not be had, or undefined when it is there.
 */
export async function downloadEngine(
  directory: string,
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<string | undefined> {
  say("Downloading the official Pulumi engine (about 150 MB).");
  // PulumiCommand.install can't be cancelled, so it runs in a process that can be killed.
  const script =
    'require("@pulumi/pulumi/automation").PulumiCommand.install({ root: process.argv[1] })' +
    ".catch((error) => { console.error(error.message); process.exitCode = 1; });";
  try {
    await makeOnce(
      directory,
      async (temporary) => {
        const args = ["--input-type=commonjs", "--eval", script, temporary];
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
