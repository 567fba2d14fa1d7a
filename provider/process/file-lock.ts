/** Lets go of what was locked. That it was lost meanwhile is no error. */
export type Release = () => Promise<void>;

/**
 * Locks a file among processes. A lock that is lost, as its holder was stopped for too long, costs a
 * request or a backup too many at worst, so nobody is told.
 *
 * @param options how long a holder may be silent before it counts as dead, in milliseconds, and how
 * often it is tried again; default: never
 * @throws Error with the code ELOCKED where another process holds it
 */
export async function lockFile(
  file: string,
  options: Pick<import("proper-lockfile").LockOptions, "stale" | "retries">,
): Promise<Release> {
  // Loaded here: most calls lock nothing.
  const { lock } = await import("proper-lockfile");
  // By default a lost lock throws out of a timer.
  const release = await lock(file, { ...options, realpath: false, onCompromised: () => {} });
  return () => release().catch(() => {});
}
