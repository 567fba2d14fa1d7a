import { fstatSync } from "node:fs";

let isWatching = false;

/**
 * Ends this process when the engine is gone, which holds the other end of the standard input as long as
 * it lives: a creation that waits for the rate limit must not begin when nobody is left to record it.
 */
export function endWithEngine(): void {
  if (isWatching) return;
  isWatching = true;
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) process.stdin.on("end", () => process.exit()).resume();
}
