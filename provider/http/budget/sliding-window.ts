import { z } from "zod";

/** The requests of the last minute, shared by all processes of a user. */
export const windowSchema = z.object({
  /** When each request got its slot, in milliseconds since the epoch; ascending. */
  taken: z.array(z.number()),
  /** Until when the server accepts no request: milliseconds since the epoch. */
  refusedUntil: z.number(),
});

export type Window = z.output<typeof windowSchema>;

export const emptyWindow: Window = { taken: [], refusedUntil: 0 };

/**
 * A second more than a minute: the server counts requests when they arrive, and one that is faster
 * than the one before it could otherwise be the sixth within a minute.
 */
const windowMs = 61_000;

/**
 * How long one refusal may hold up all processes. Who was refused waits as long as the server asked;
 * the others ask again after this. A file with a longer one is broken.
 */
export const longestRefusalMs = 10 * 60_000;

/** The window after a request for a slot. */
export interface Turn {
  window: Window;
  /** When to ask again: milliseconds since the epoch; undefined: there was a slot. */
  freeAt?: number;
  /** Whether that is because the server refused a request, rather than for the limit. */
  isRefused?: boolean;
}

/**
 * What still counts of a window.
 *
 * Requests in the future are dropped: they were written before the machine's clock was set back.
 */
export function counting(window: Window, now: number): Window {
  const taken = window.taken.filter((at) => at > now - windowMs && at <= now);
  const refused = window.refusedUntil > now && window.refusedUntil <= now + longestRefusalMs;
  return { taken, refusedUntil: refused ? window.refusedUntil : 0 };
}

/** Takes a slot of the sliding window, if there is one. */
export function takeTurn(window: Window, now: number, limit: number): Turn {
  const { taken, refusedUntil } = counting(window, now);
  const oldestThatCounts = taken.at(-limit);
  const slotAt = oldestThatCounts === undefined ? now : oldestThatCounts + windowMs;
  const freeAt = Math.max(slotAt, refusedUntil);
  const isRefused = refusedUntil >= slotAt;
  if (freeAt > now) return { window: { taken, refusedUntil }, freeAt, isRefused };
  return { window: { taken: [...taken, now], refusedUntil } };
}

/** Records that the server refused a request and accepts none for a while. */
export function refuse(window: Window, now: number, retryAfterMs: number): Window {
  const until = now + Math.min(retryAfterMs, longestRefusalMs);
  return { ...window, refusedUntil: Math.max(window.refusedUntil, until) };
}
