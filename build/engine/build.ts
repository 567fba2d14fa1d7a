import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { makeOnce, type Say } from "./cache.ts";
import { type GoModule, goInstall, hashModules } from "./go.ts";
import { dynamicHostDirectory, dynamicHostName, findProgram } from "./on-path.ts";
import { type EngineAge, engineVersions } from "./versions.ts";

/**
 * What is built: the engine with the YAML language host, and the Node.js language host of the last
 * release that had it in a module that the Go module proxy serves.
 */
function modulesOf(age: EngineAge): GoModule[] {
  const engine = {
    directory: join(import.meta.dirname, "go", "pulumi"),
    packages: "tool",
    version: `v${engineVersions[age]}`,
    modfile: age === "oldest" ? "oldest.mod" : "go.mod",
  } as const;
  const host = join(import.meta.dirname, "go", "nodejs");
  return [engine, { directory: host, packages: "tool", version: "v3.68.0" }];
}

const dynamicHost = process.platform === "win32" ? `${dynamicHostName}.cmd` : dynamicHostName;

/** The folder of the built engine, named by all that its content depends on. */
export function buildDirectory(cache: string, age: EngineAge): { root: string; bin: string } {
  const hash = hashModules(modulesOf(age)).update(
    readFileSync(join(dynamicHostDirectory, dynamicHost)),
  );
  const root = join(cache, `engine-${hash.digest("hex").slice(0, 12)}`);
  return { root, bin: root };
}

/**
 * Builds the engine and its language hosts from their Go modules into `directory`.
 *
 * @returns the reason why it could not be built, or undefined when it is there.
 */
export async function buildEngine(
  directory: string,
  age: EngineAge,
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<string | undefined> {
  const go = findProgram("go", env);
  if (!go) return "Go is not on PATH, so the engine can't be built from its modules";
  say(`Building the Pulumi engine ${engineVersions[age]} from its Go modules, once for this user.`);
  say("The first time this takes 4 to 10 minutes; with Go's build cache, seconds.");
  try {
    await makeOnce(
      directory,
      async (temporary) => {
        for (const module of modulesOf(age)) await goInstall(go, module, temporary, env, say);
        // A copy, since it looks for the host from the program's folder, whichever clone that is.
        await copyFile(join(dynamicHostDirectory, dynamicHost), join(temporary, dynamicHost));
      },
      say,
    );
    return undefined;
  } catch (error) {
    return `The build did not work: ${error instanceof Error ? error.message : error}`;
  }
}
