import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { repository } from "../repository.ts";
import { runCommand } from "./process.ts";
import { type EngineAge, engineVersions, isAtLeast } from "./versions.ts";

/** The dynamic host's launcher; it finds the host from the program's folder. */
export const dynamicHostName = "pulumi-resource-pulumi-nodejs";

/** The folder of @pulumi/pulumi, which carries the dynamic host's launcher. */
export const dynamicHostDirectory = join(repository, "node_modules", "@pulumi", "pulumi");

/** The engine that the user has, or the reason why it won't do. */
export type PathEngine =
  | { directories: string[]; reason?: undefined }
  | { directories?: undefined; reason: string };

/**
 * Looks for `pulumi` on PATH: it must be the oldest that users may have, or newer, and have the Node.js
 * language host beside it or on PATH.
 *
 * @param age takes that version only
 */
export async function engineOnPath(
  env: NodeJS.ProcessEnv,
  age: EngineAge | undefined,
): Promise<PathEngine> {
  const pulumi = findProgram("pulumi", env);
  if (!pulumi) return { reason: "pulumi is not on PATH" };
  const version = await versionOf(pulumi, env);
  if (!version) return { reason: `${pulumi} does not say its version` };
  if (age !== undefined && version !== engineVersions[age]) {
    return { reason: `${pulumi} is ${version}, not ${engineVersions[age]}` };
  }
  if (!isAtLeast(version, engineVersions.oldest)) {
    return { reason: `${pulumi} is ${version}, older than ${engineVersions.oldest}` };
  }
  const beside = dirname(pulumi);
  const searched = { ...env, PATH: [beside, env.PATH ?? ""].join(delimiter) };
  if (!findProgram("pulumi-language-nodejs", searched)) {
    return { reason: `${pulumi} has no pulumi-language-nodejs beside it` };
  }
  const complete = findProgram(dynamicHostName, searched) !== undefined;
  return { directories: complete ? [beside] : [beside, dynamicHostDirectory] };
}

/** The first file of that name on PATH, with Windows' extensions there. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const extensions = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  for (const directory of (env.PATH ?? "").split(delimiter).filter(Boolean)) {
    for (const extension of extensions) {
      const file = join(directory, name + extension);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}

async function versionOf(pulumi: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  try {
    const { stdout } = await runCommand(pulumi, ["version"], { env: quiet, timeoutMs: 20_000 });
    return /^v?(\d+\.\d+\.\d+)/.exec(stdout.trim())?.[1];
  } catch {
    return undefined;
  }
}
