import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeOnce, type Say, userCacheDirectory } from "../engine/cache.ts";
import { type GoModule, goInstall, hashModules } from "../engine/go.ts";
import { findProgram } from "../engine/on-path.ts";
import { runCommand } from "../engine/process.ts";
import { engineVersions } from "../engine/versions.ts";
import { repository } from "../repository.ts";

/** The languages that SDKs are written in, each a folder of that name. */
export const languages = ["go", "nodejs", "python"] as const;

const generator: GoModule = {
  directory: import.meta.dirname,
  packages: ".",
  version: `v${engineVersions.oldest}`,
};

const timeoutMs = 60_000;

/**
 * Writes the SDKs of schema.json, and replaces what is in the languages' folders. It builds Pulumi's
 * generators from their Go modules, once per user.
 *
 * @param into the folder of the languages' folders
 * @throws Error when there is no Go, or with the generators' words when the schema is not valid
 */
export async function writeSdks(into: string, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  const program = await buildGenerator(env, say);
  for (const language of languages) {
    await rm(join(into, language), { recursive: true, force: true });
  }
  const args = [join(repository, "schema.json"), into];
  const { code, stderr } = await runCommand(program, args, { env, timeoutMs });
  if (code !== 0) throw new Error(stderr);
}

async function buildGenerator(env: NodeJS.ProcessEnv, say: Say): Promise<string> {
  const go = findProgram("go", env);
  if (!go) throw new Error("Go is not on PATH: install Go 1.25.11 or newer.");
  const hash = hashModules([generator]).digest("hex").slice(0, 12);
  const directory = join(userCacheDirectory(env), `sdk-generators-${hash}`);
  const build = (temporary: string) => goInstall(go, generator, temporary, env, say);
  await makeOnce(directory, build, say);
  return join(directory, process.platform === "win32" ? "languages.exe" : "languages");
}
