import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { makeOnce, type Say, userCacheDirectory } from "../engine/cache.ts";
import { type GoModule, goInstall, hashModules } from "../engine/go.ts";
import { findProgram, oldestVersion } from "../engine/on-path.ts";
import { runCommand } from "../engine/process.ts";
import { repository } from "../repository.ts";
import { readmeOf } from "./readme.ts";

/** The languages that SDKs are written in, each a folder of that name. */
export const languages = ["go", "nodejs", "python"] as const;

/** A language that an SDK is written in. */
export type Language = (typeof languages)[number];

const generator: GoModule = {
  directory: import.meta.dirname,
  packages: ".",
  version: `v${oldestVersion}`,
};

const timeoutMs = 60_000;

const schemaSchema = z.object({
  displayName: z.string(),
  description: z.string(),
  homepage: z.string().optional(),
  resources: z.record(z.string(), z.object({ description: z.string() })),
});

/**
 * Writes the SDKs of schema.json, each with a README and the licence, and replaces what is in the
 * languages' folders. It builds Pulumi's generators from their Go modules, once per user.
 *
 * @param into the folder of the languages' folders
 * @throws Error when there is no Go, or with the generators' words when the schema is not valid
 */
export async function writeSdks(into: string, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  for (const language of languages) {
    await rm(join(into, language), { recursive: true, force: true });
  }
  const schemaFile = join(repository, "schema.json");
  await runGenerator(["generate", schemaFile, into], env, say);
  const schema = schemaSchema.parse(JSON.parse(await readFile(schemaFile, "utf8")));
  for (const language of languages) {
    await writeFile(join(into, language, "README.md"), readmeOf(schema, language));
    await copyFile(join(repository, "LICENSE"), join(into, language, "LICENSE"));
  }
}

/**
 * Runs the program of this folder, which has Pulumi's generators, and builds it if need be.
 *
 * @throws Error when there is no Go, or with the program's words
 */
export async function runGenerator(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<void> {
  const program = await buildGenerator(env, say);
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
