import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { buildDirectory, buildEngine } from "./build.ts";
import { type Say, userCacheDirectory } from "./cache.ts";
import { downloadDirectory, downloadEngine } from "./download.ts";
import { engineOnPath } from "./on-path.ts";
import { engineVersions, wantedEngine } from "./versions.ts";

const ways = ["path", "download", "build"] as const;

/** How an engine was come by. */
export type EngineWay = (typeof ways)[number];

/** A Pulumi engine that can run Node.js programs and their dynamic resources. */
export interface Engine {
  way: EngineWay;
  /** Folders to put first on PATH, the one that holds `pulumi` before all. */
  directories: string[];
}

export interface EngineOptions {
  /** Progress, a line at a time. Default: none. */
  say?: Say;
  /**
   * Where PATH, FORMATIONS_ENGINE, FORMATIONS_ENGINE_VERSION and the cache folder are read from.
   * Default: `process.env`.
   */
  env?: NodeJS.ProcessEnv;
}

/**
 * Finds or makes the real Pulumi engine: one on PATH that is new enough, else one set up before,
 * else the official download, else a build from its Go modules (minutes, the first time).
 *
 * `FORMATIONS_ENGINE=path|download|build` allows one way only, `FORMATIONS_ENGINE_VERSION=oldest|newest`
 * that version only; without it, what is downloaded or built is the newest.
 *
 * @throws Error saying what was tried and what to install, when no way is left.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const env = options.env ?? process.env;
  const say = options.say ?? (() => {});
  const allowed = allowedWays(env);
  const wanted = wantedEngine(env);
  const age = wanted ?? "newest";
  const cache = userCacheDirectory(env);
  const failures: string[] = [];

  if (allowed.includes("path")) {
    const found = await engineOnPath(env, wanted);
    if (found.directories) return { way: "path", directories: found.directories };
    failures.push(found.reason);
  }
  const kept = { download: downloadDirectory(cache, age), build: buildDirectory(cache, age) };
  for (const way of ["download", "build"] as const) {
    if (allowed.includes(way) && existsSync(kept[way].root)) return ready(way, kept[way].bin);
  }
  if (allowed.includes("download")) {
    const failure = await downloadEngine(kept.download.root, age, env, say);
    if (failure === undefined) return ready("download", kept.download.bin);
    failures.push(failure);
    say(failure);
  }
  if (allowed.includes("build")) {
    const failure = await buildEngine(kept.build.root, age, env, say);
    if (failure === undefined) return ready("build", kept.build.bin);
    failures.push(failure);
  }
  throw new Error(
    [
      "There is no Pulumi engine here.",
      ...failures.map((failure) => `- ${failure}`),
      `Install Pulumi ${wanted ? engineVersions[wanted] : `${engineVersions.oldest} or newer`} ` +
        "(https://www.pulumi.com/docs/install/), " +
        "or Go 1.26.6 or newer (https://go.dev/doc/install), which builds it from its modules.",
    ].join("\n"),
  );
}

/** `env` with the engine first on PATH. */
export function withEngine(engine: Engine, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, PATH: [...engine.directories, env.PATH ?? ""].join(delimiter) };
}

function ready(way: EngineWay, bin: string): Engine {
  return { way, directories: [bin] };
}

function allowedWays(env: NodeJS.ProcessEnv): readonly EngineWay[] {
  const wanted = env.FORMATIONS_ENGINE;
  if (!wanted) return ways;
  const way = ways.find((name) => name === wanted);
  if (!way) {
    throw new Error(`FORMATIONS_ENGINE is "${wanted}"; it may be ${ways.join(", ")} or unset`);
  }
  return [way];
}
