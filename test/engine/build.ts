import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { makeOnce, type Say } from "./cache.ts";
import { dynamicHostDirectory, dynamicHostName, findProgram, oldestVersion } from "./on-path.ts";
import { runCommand, tail } from "./process.ts";

const timeoutMs = 30 * 60_000;
const progressMs = 20_000;

/**
 * What is built: the engine with the YAML language host, and the Node.js language host of the last
 * release that had it in a module that the Go module proxy serves.
 */
const modules = [
  { directory: join(import.meta.dirname, "go", "pulumi"), version: `v${oldestVersion}` },
  { directory: join(import.meta.dirname, "go", "nodejs"), version: "v3.68.0" },
];

const dynamicHost = process.platform === "win32" ? `${dynamicHostName}.cmd` : dynamicHostName;

/** The folder of the built engine, named by all that its content depends on. */
export function buildDirectory(cache: string): { root: string; bin: string } {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  for (const { directory } of modules) {
    hash.update(readFileSync(join(directory, "go.mod")));
    hash.update(readFileSync(join(directory, "go.sum")));
  }
  hash.update(readFileSync(join(dynamicHostDirectory, dynamicHost)));
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
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<string | undefined> {
  const go = findProgram("go", env);
  if (!go) return "Go is not on PATH, so the engine can't be built from its modules";
  say(`Building the Pulumi engine ${oldestVersion} from its Go modules, once for this user.`);
  say("The first time this takes 4 to 10 minutes; with Go's build cache, seconds.");
  try {
    await makeOnce(
      directory,
      async (temporary) => {
        for (const module of modules) await installTools(go, module, temporary, env, say);
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

/** Installs what the module's `tool` lines name. */
async function installTools(
  go: string,
  module: { directory: string; version: string },
  into: string,
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<void> {
  const versionFlag = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${module.version}`;
  const args = ["install", "-v", "-mod=readonly", "-buildvcs=false"];
  args.push("-tags", "osusergo,grpcnotrace", "-ldflags", `-s -w ${versionFlag}`, "tool");
  const progress = reportProgress(say);
  try {
    const result = await runCommand(go, args, {
      cwd: module.directory,
      env: { ...env, GOBIN: into, CGO_ENABLED: "0" },
      timeoutMs,
      onLine: progress.count,
    });
    if (result.code !== 0) throw new Error(tail(result.stderr, 20));
  } finally {
    progress.stop();
  }
}

function reportProgress(say: Say) {
  const started = performance.now();
  let downloaded = 0;
  let compiled = 0;
  const timer = setInterval(() => {
    const minutes = ((performance.now() - started) / 60_000).toFixed(1);
    say(`  ${minutes} min: ${downloaded} modules downloaded, ${compiled} packages compiled`);
  }, progressMs);
  return {
    count(line: string) {
      if (line.startsWith("go: downloading")) downloaded++;
      else if (!line.startsWith("go: ")) compiled++;
    },
    stop: () => clearInterval(timer),
  };
}
