import { createHash, type Hash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Say } from "./cache.ts";
import { runCommand, tail } from "./process.ts";

const timeoutMs = 30 * 60_000;
const progressMs = 20_000;

/** A Go module of this repository, whose go.mod and go.sum name all that it is built from. */
export interface GoModule {
  directory: string;
  /** What of it is installed: `tool`, which its tool lines name, or `.`, its own program. */
  packages: "tool" | ".";
  /** The version that Pulumi's programs say of themselves. */
  version: string;
  /** Beside go.mod, a file that takes its place, `name.mod`; its sums are in `name.sum`. */
  modfile?: string;
}

/** Begins the name of what is built of modules: of this platform, and of all that they are built from. */
export function hashModules(modules: readonly GoModule[]): Hash {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  for (const { directory, modfile = "go.mod" } of modules) {
    const sources = globSync(["*.go", "*/**/{*.go,go.mod}"], { cwd: directory }).sort();
    for (const file of [modfile, modfile.replace(/mod$/, "sum"), ...sources]) {
      hash.update(readFileSync(join(directory, file)));
    }
  }
  return hash;
}

/**
 * Builds programs from Go modules.
 *
 * @param go the `go` command
 * @param into the folder that the programs are put into
 * @throws Error with the compiler's last words
 */
export async function goInstall(
  go: string,
  module: GoModule,
  into: string,
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<void> {
  const versionFlag = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${module.version}`;
  const args = ["install", "-v", "-mod=readonly", "-buildvcs=false"];
  if (module.modfile) args.push(`-modfile=${module.modfile}`);
  args.push("-tags", "osusergo,grpcnotrace", "-ldflags", `-s -w ${versionFlag}`, module.packages);
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
