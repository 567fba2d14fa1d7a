import { chmod, copyFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { makeOnce, type Say, userCacheDirectory } from "./cache.ts";
import type { Engine } from "./engine.ts";
import { type GoModule, goInstall, hashModules } from "./go.ts";
import { findProgram } from "./on-path.ts";
import { runCommand } from "./process.ts";

/** A language whose host is not built with the engine. */
export type HostLanguage = "python" | "go";

const timeoutMs = 5 * 60_000;

/** For each language, the last version of Pulumi's SDK module for Go that has the host in it. */
const modules: Record<HostLanguage, GoModule> = {
  python: moduleIn("python", "v3.68.0"),
  go: moduleIn("golang", "v3.62.0"),
};

/**
 * Finds the language host for a language's programs: the engine's own, else one that is built from its
 * Go module, once for this user.
 *
 * @returns folders for PATH
 * @throws Error when there is neither a host nor Go
 */
export async function ensureLanguageHost(
  language: HostLanguage,
  engine: Engine,
  env: NodeJS.ProcessEnv,
  say: Say = () => {},
): Promise<string[]> {
  const name = `pulumi-language-${language}`;
  if (findProgram(name, { PATH: engine.directories.join(delimiter) })) return [];
  const go = findProgram("go", env);
  if (!go) throw new Error(`Go is not on PATH, so ${name} can't be built.`);
  const module = modules[language];
  const hash = hashModules([module]).digest("hex").slice(0, 12);
  const directory = join(userCacheDirectory(env), `${language}-host-${hash}`);
  await makeOnce(
    directory,
    async (temporary) => {
      await goInstall(go, module, temporary, env, say);
      if (language === "python") await copyPythonScript(go, module, temporary, env);
    },
    say,
  );
  return [directory];
}

/** The Python host starts programs with a script, which it looks for beside itself. */
async function copyPythonScript(
  go: string,
  { directory }: GoModule,
  into: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const name = "pulumi-language-python-exec";
  const list = ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"];
  const { stdout } = await runCommand(go, list, { cwd: directory, env, timeoutMs });
  await copyFile(join(stdout.trim(), "python", "cmd", name), join(into, name));
  await chmod(join(into, name), 0o755);
}

function moduleIn(folder: string, version: string): GoModule {
  return { directory: join(import.meta.dirname, "go", folder), packages: "tool", version };
}
