/** What the server allows: so many requests in any sixty seconds. */
const perMinute = 5;

/** When the formations of one run are ready and seen to be, in seconds from its start. */
export interface Times {
  first: number;
  last: number;
}

/**
 * The best that any client can do, even one that knows beforehand how long each formation takes.
 *
 * It sends a request for the list (who has these names?), then the creations in the order in which the
 * program asks for them, then one poll per formation that finds it ready. Each of them is needed, and
 * each takes one of five places in any sixty seconds; responses take no time.
 *
 * Why nothing is better: number a client's requests in the order of their times, t(0) ≤ t(1) ≤ …
 *
 * 1. If a poll comes before a creation, let the two change places. The times that are used stay the same,
 *    the creation is earlier, so its formation is ready earlier, and the poll is later, so it still finds
 *    what it found. So there is a best schedule in which all creations come before all polls.
 * 2. There, request k is not before t(k-1), nor before t(k-5) + 60; nor is the k-th poll before the k-th
 *    of the sorted times at which formations are ready, since k of them must be. By induction over k,
 *    the times below, which are the least that fulfil this, are not later than those of any schedule.
 *
 * The proof is for the last formation. For the first one it holds among schedules in which creations
 * come before polls, which is what the provider promises.
 *
 * @param durations how long each formation takes, in seconds, in the order of their creation
 */
export function optimum(durations: readonly number[]): Times {
  const times: number[] = [];
  const send = (earliest: number): number => {
    const previous = times.at(-1) ?? 0;
    const fifthLast = times.at(-perMinute);
    const free = fifthLast === undefined ? 0 : fifthLast + 60;
    const at = Math.max(earliest, previous, free);
    times.push(at);
    return at;
  };
  send(0);
  const ready = durations.map((duration) => send(0) + duration).sort((a, b) => a - b);
  const seen = ready.map(send);
  return { first: seen.at(0) ?? 0, last: seen.at(-1) ?? 0 };
}

/** The shortest time in which so many reads can be sent, in seconds: five at once, and five after each minute */
export function shortestRefresh(reads: number): number {
  return Math.floor((reads - 1) / perMinute) * 60;
}

/**
 * How long formations take, in seconds: from three minutes to fifteen, evenly spread. The same seed gives
 * the same numbers on every machine (mulberry32).
 */
export function durationsOf(count: number, seed: number, [least, most] = [180, 900]): number[] {
  let state = seed * 1_000 + count;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    const part = ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
    return Math.round(least + (most - least) * part);
  });
}
