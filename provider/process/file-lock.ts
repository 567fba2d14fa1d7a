import { stat } from "node:fs/promises";

/** Lets go of what was locked. A lock that was lost meanwhile is not an error. */
export type Release = () => Promise<void>;

/** Whether a lock failed because another process holds it. */
export function isHeld(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ELOCKED";
}

/** Whether a file is locked; `dead`: by a process that was killed, and the next one takes the lock over. */
export type LockState = "free" | "held" | "dead";

/** A holder that has not renewed its lock for so long counts as dead, in milliseconds. */
const staleAfter = 5_000;

/**
 * Locks a file among processes. A holder that is stopped for too long loses its lock without being
 * told: at worst that costs one request or one backup too many.
 *
 * @param retries how often and how long to try; default: once
 * @throws Error that {@link isHeld} tells where another process holds it
 */
export async function lockFile(
  file: string,
  retries?: import("proper-lockfile").LockOptions["retries"],
): Promise<Release> {
  // Loaded here: most calls lock nothing.
  const { lock } = await import("proper-lockfile");
  const release = await lock(file, {
    stale: staleAfter,
    retries,
    realpath: false,
    // By default a lost lock throws out of a timer.
    onCompromised: () => {},
  });
  return () => release().catch(() => {});
}

/**
 * Whether a file is locked, without trying to.
 *
 * @param now milliseconds since the epoch
 */
export async function lockState(file: string, now: number): Promise<LockState> {
  try {
    const { mtimeMs } = await stat(`${file}.lock`);
    return now - mtimeMs > staleAfter ? "dead" : "held";
  } catch {
    return "free";
  }
}
