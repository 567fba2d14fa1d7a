import { expect, test } from "vitest";
import { backoff } from "../../provider/process/backoff.ts";

test.each([
  [1, 0, 500],
  [1, 1, 1_000],
  [2, 1, 2_000],
  [3, 0, 2_000],
  [5, 1, 16_000],
  [6, 1, 30_000],
  [60, 1, 30_000],
  [60, 0, 15_000],
  [2_000, 1, 30_000],
])("after failure %i with chance %d the pause is %i ms", (failures, random, pause) => {
  expect(backoff(failures, random)).toBe(pause);
});

test.each([
  ["begins with the first", 1, { baseMs: 60_000, capMs: 1_800_000 }, 60_000],
  ["doubles", 3, { baseMs: 60_000, capMs: 1_800_000 }, 240_000],
  ["ends at the cap", 9, { baseMs: 60_000, capMs: 1_800_000 }, 1_800_000],
  ["is never below the floor", 1, { baseMs: 10 }, 250],
  ["takes another floor", 1, { baseMs: 10, floorMs: 5 }, 10],
])("a pause of one's own %s", (_, failures, options, pause) => {
  expect(backoff(failures, 1, options)).toBe(pause);
});
