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

/** No server asks for more; a file with a longer one is broken. */
const longestRefusalMs = 60 * 60_000;

/** The window after a request for a slot; `freeAt` says when to ask again, undefined if there was one. */
export interface Turn {
  window: Window;
  freeAt?: number;
}

/**
 * Takes a slot of the sliding window, if there is one.
 *
 * Requests in the future are dropped: they were written before the machine's clock was set back.
 */
export function takeTurn(window: Window, now: number, limit: number): Turn {
  const taken = window.taken.filter((at) => at > now - windowMs && at <= now);
  const refused = window.refusedUntil > now && window.refusedUntil <= now + longestRefusalMs;
  const refusedUntil = refused ? window.refusedUntil : 0;
  const oldestThatCounts = taken.at(-limit);
  const slotAt = oldestThatCounts === undefined ? now : oldestThatCounts + windowMs;
  const freeAt = Math.max(slotAt, refusedUntil);
  if (freeAt > now) return { window: { taken, refusedUntil }, freeAt };
  return { window: { taken: [...taken, now], refusedUntil } };
}

/** Records that the server refused a request and accepts none for a while. */
export function refuse(window: Window, now: number, retryAfterMs: number): Window {
  const until = now + Math.min(retryAfterMs, longestRefusalMs);
  return { ...window, refusedUntil: Math.max(window.refusedUntil, until) };
}
