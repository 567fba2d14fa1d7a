import { z } from "zod";

/** The requests of the last minute, as all processes of a user share them. */
export const windowSchema = z.object({
  /** When each request was let go, in milliseconds since the epoch; ascending. */
  taken: z.array(z.number()),
  /** Until when the server wants no request at all. */
  refusedUntil: z.number(),
});

export type Window = z.output<typeof windowSchema>;

export const emptyWindow: Window = { taken: [], refusedUntil: 0 };

/**
 * A second more than the minute: the server counts when requests arrive, and one that was quicker
 * on its way than the one before it would else be the sixth of a minute.
 */
const windowMs = 61_000;

/** No server asks for more; a file that says so is broken. */
const longestRefusalMs = 60 * 60_000;

/** A window after a question to it; `freeAt` is when to ask again, undefined if the slot was given. */
export interface Turn {
  window: Window;
  freeAt?: number;
}

/**
 * Takes a slot of the sliding window, if there is one.
 *
 * Requests of the future are dropped: they were written before the machine's clock was set back.
 */
export function takeSlot(window: Window, now: number, limit: number): Turn {
  const taken = window.taken.filter((at) => at > now - windowMs && at <= now);
  const refused = window.refusedUntil > now && window.refusedUntil <= now + longestRefusalMs;
  const refusedUntil = refused ? window.refusedUntil : 0;
  const oldestThatCounts = taken.at(-limit);
  const slotAt = oldestThatCounts === undefined ? now : oldestThatCounts + windowMs;
  const freeAt = Math.max(slotAt, refusedUntil);
  if (freeAt > now) return { window: { taken, refusedUntil }, freeAt };
  return { window: { taken: [...taken, now], refusedUntil } };
}

/** Notes that the server refused a request and wants none for a while. */
export function refuse(window: Window, now: number, retryAfterMs: number): Window {
  const until = now + Math.min(retryAfterMs, longestRefusalMs);
  return { ...window, refusedUntil: Math.max(window.refusedUntil, until) };
}
