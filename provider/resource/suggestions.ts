/** A sentence for a message about something misspelt: ` Did you mean region?`, or nothing. */
export function didYouMean(text: string, candidates: readonly string[]): string {
  const meant = nearest(text, candidates);
  return meant === undefined ? "" : ` Did you mean ${meant}?`;
}

/**
 * The candidate that a text was most likely meant to be: at most a third of its letters differ, apart
 * from upper and lower case. Undefined: no candidate is that close.
 */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const scored = candidates
    .map((candidate) => ({ candidate, distance: distance(text, candidate) }))
    .filter((one) => one.distance <= Math.ceil(one.candidate.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return scored[0]?.candidate;
}

/** How many letters have to be added, removed, changed or swapped with their neighbour. */
function distance(a: string, b: string): number {
  // A text that is much longer can't be meant, and would only take time.
  if (Math.abs(a.length - b.length) > b.length) return Number.POSITIVE_INFINITY;
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const ways = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        ...(isSwapped ? [(beforeLast[column - 2] ?? 0) + 1] : []),
      ];
      current.push(Math.min(...ways));
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] ?? 0;
}
