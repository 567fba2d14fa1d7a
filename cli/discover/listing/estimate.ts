import { counted } from "../../../provider/process/counted";

/** The window of a rate limit, in milliseconds: see the rate budget. */
const windowMs = 61_000;

/**
 * The least time that reading takes under a rate limit, in milliseconds, if nothing else was requested
 * in the last minute.
 *
 * @param reads how many requests are still to come
 * @param before how many were sent just now
 */
export function leastTime(reads: number, perMinute: number, before = 1): number {
  if (reads === 0) return 0;
  return Math.floor((before + reads - 1) / Math.max(1, Math.floor(perMinute))) * windowMs;
}

/** `about 2 minutes`; undefined: it takes less than one. */
export function inMinutes(ms: number): string | undefined {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return undefined;
  return `about ${counted(minutes, "minute")}`;
}
