/**
 * The engines that are built and tested: the oldest one that users may have, and the newest there is.
 * Each has a go.mod of its own in `go/pulumi`; `provider/process/pulumi-version.ts` has the oldest too.
 */
export const engineVersions = { oldest: "3.259.0", newest: "3.276.0" } as const;

/** Which of {@link engineVersions}. */
export type EngineAge = keyof typeof engineVersions;

/** Names the engine that tests run on: `oldest` or `newest`. Default: any that a user may have. */
export const engineVersionVariable = "FORMATIONS_ENGINE_VERSION";

/**
 * The engine that the environment asks for; undefined: any that is new enough.
 *
 * @throws Error if it asks for something else
 */
export function wantedEngine(env: NodeJS.ProcessEnv): EngineAge | undefined {
  const wanted = env[engineVersionVariable];
  if (!wanted) return undefined;
  if (wanted === "oldest" || wanted === "newest") return wanted;
  throw new Error(`${engineVersionVariable} is "${wanted}"; it may be oldest, newest or unset`);
}

/** Compares versions such as `3.259.0`, without what follows the numbers. */
export function isAtLeast(version: string, oldest: string): boolean {
  return version.localeCompare(oldest, "en", { numeric: true }) >= 0;
}
