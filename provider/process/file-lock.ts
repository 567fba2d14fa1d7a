/** A lock that its holder has not renewed for so long is a dead process's, and is taken over: milliseconds. */
const stale = 5_000;

/** Lets go of what was locked. That the lock was lost meanwhile is no error. */
export type Release = () => Promise<void>;

/**
 * Locks a file among processes. A lock that is lost, as its holder was stopped for too long, costs a
 * request or a backup too many at worst, so nobody is told.
 *
 * @param options how often to retry while another process holds it; default: never
 * @throws Error with the code ELOCKED where another process holds it
 */
export async function lockFile(
  file: string,
  options: Pick<import("proper-lockfile").LockOptions, "retries"> = {},
): Promise<Release> {
  // Loaded here: most calls lock nothing.
  const { lock } = await import("proper-lockfile");
  // By default a lost lock throws out of a timer.
  const release = await lock(file, { ...options, stale, realpath: false, onCompromised: () => {} });
  return () => release().catch(() => {});
}
