/** How the pauses between tries grow. All times are in milliseconds. */
export interface BackoffOptions {
  /** The full pause after the first failure; each further failure doubles it. Default: 1,000. */
  baseMs?: number;
  /** The longest pause. Default: 30,000. */
  capMs?: number;
  /** The shortest pause. Default: 250. */
  floorMs?: number;
}

/** No pause is shorter by default, in milliseconds. */
export const shortestPause = 250;

/**
 * How long to pause before the next try, in milliseconds.
 *
 * The pause doubles with each failure up to the cap. Half of it depends on chance, so that clients
 * that failed together do not come back together.
 *
 * @param failures how many tries have failed, at least 1
 * @param random from 0 (half the pause) to 1 (the full pause); pass 1 for pauses without chance
 */
export function backoff(
  failures: number,
  random: number,
  { baseMs = 1_000, capMs = 30_000, floorMs = shortestPause }: BackoffOptions = {},
): number {
  const full = Math.min(baseMs * 2 ** (failures - 1), capMs);
  return Math.max(Math.round(full * (0.5 + random / 2)), floorMs);
}
