/** How a pause grows. All times in milliseconds. */
export interface Growth {
  /** Before the first retry. Default: one second. */
  base?: number;
  /** The shortest pause. Default: 250. */
  floor?: number;
  /** The longest. Default: 30 seconds. */
  cap?: number;
}

/**
 * How long to pause before a retry, in milliseconds. It doubles from `base` up to `cap`, and half of
 * it is chance, so that those that failed together do not come back together.
 *
 * @param attempt 1 after the first failure
 * @param random a number from 0 to 1
 */
export function backoff(
  attempt: number,
  random: number,
  { base = 1_000, floor = 250, cap = 30_000 }: Growth = {},
): number {
  const full = Math.min(base * 2 ** (attempt - 1), cap);
  return Math.max(Math.round(full * (0.5 + random / 2)), floor);
}
