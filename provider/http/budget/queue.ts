/** Writes go before reads, so that creations and deletions do not wait for polls. */
export type Priority = "write" | "read";

/** A request that waits for a slot. */
export interface Queued {
  priority: Priority;
  /**
   * Marks a poll: how likely its response ends the wait that it belongs to, if it is sent now; from 0 to
   * 1. A poll goes after all other requests, and the likeliest of the polls goes first.
   */
  likelihood?: () => number;
  /** Milliseconds since the epoch. Default: without end. */
  deadline?: number;
}

/** A poll that is likely to end its wait is worth a slot at once. */
const likely = 0.5;

/**
 * The request that gets the next slot; of equal ones, the one that came first.
 *
 * @param nextPoll a poll whose deadline is before this time is sent before the others: it may get no
 * other turn. Milliseconds since the epoch
 */
export function nextOf<T extends Queued>(queue: readonly T[], nextPoll: number): T | undefined {
  let next: { queued: T; rank: number } | undefined;
  for (const queued of queue) {
    const rank = rankOf(queued, nextPoll);
    if (next === undefined || rank > next.rank) next = { queued, rank };
  }
  return next?.queued;
}

function rankOf({ priority, likelihood, deadline }: Queued, nextPoll: number): number {
  if (priority === "write") return 4;
  if (!likelihood) return 3;
  return deadline !== undefined && deadline < nextPoll ? 2 : likelihood();
}

/**
 * Until when nothing in the queue is worth a slot: milliseconds since the epoch; undefined: something is.
 *
 * Polls that will hardly tell anything are spread evenly over the minute. All at once, they would take
 * every slot of a minute, and what is ready right afterwards would be seen a minute late.
 *
 * @param polledAt when the last poll got its slot: milliseconds since the epoch
 * @param spacing the time between two of them, in milliseconds
 */
export function restUntil(
  queue: readonly Queued[],
  polledAt: number,
  spacing: number,
  now: number,
): number | undefined {
  const pollAgain = polledAt + spacing;
  // A poll in the future was sent before the machine's clock was set back.
  if (pollAgain <= now || polledAt > now) return undefined;
  const canRest = ({ likelihood, deadline = Number.POSITIVE_INFINITY }: Queued) =>
    likelihood !== undefined && likelihood() < likely && deadline >= pollAgain;
  return queue.every(canRest) ? pollAgain : undefined;
}
