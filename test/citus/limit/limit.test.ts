import { describe, expect, test } from "vitest";
import { durationsOf, optimum, shortestRefresh } from "./optimum.ts";
import { creationsOf, deletionsOf, refreshOf } from "./run.ts";

describe("the best schedule that knows the future", () => {
  test.each([
    ["sends list, creation and poll of one at once and when it is ready", [300], 300, 300],
    ["creates four in the first minute and one in the second", [180, 180, 180, 180, 180], 180, 240],
    ["polls five per minute where more are ready", Array(9).fill(60), 120, 180],
  ])("%s", (_, durations, first, last) => {
    expect(optimum(durations)).toEqual({ first, last });
  });

  test("reads five per minute", () => {
    expect([1, 5, 6, 40].map(shortestRefresh)).toEqual([0, 0, 60, 420]);
  });
});

describe("formations that take three to fifteen minutes, at five requests per minute:", () => {
  test.each([
    [1, 1],
    [1, 2],
    [5, 1],
    [10, 1],
  ])("%i of them (seed %i) are ready within 1.15 times the shortest time", async (count, seed) => {
    const durations = durationsOf(count, seed);
    const { last, refused } = await creationsOf(durations);
    expect(last / optimum(durations).last).toBeLessThanOrEqual(1.15);
    expect(last).toBeGreaterThanOrEqual(optimum(durations).last);
    expect(refused).toBe(0);
  });

  test("twenty that take about as long as each other are, too, since each poll is one for all", async () => {
    const durations = durationsOf(20, 1, [480, 600]);
    const { last, polls, refused } = await creationsOf(durations);
    expect(last / optimum(durations).last).toBeLessThanOrEqual(1.15);
    expect(Math.min(...polls)).toBeGreaterThanOrEqual(1);
    expect(refused).toBe(0);
  });

  test("one that takes three minutes is seen within an eighth of them", async () => {
    const { last, polls } = await creationsOf([181]);
    expect(last).toBeLessThanOrEqual(181 * (1 + 1 / 8));
    expect(polls[0]).toBeLessThanOrEqual(15);
  });
});

test("a refresh of six takes what the limit makes it take, and a second", async () => {
  expect(await refreshOf(6)).toEqual({
    seconds: shortestRefresh(6) + 1,
    requests: 6,
    refused: 0,
    failed: 0,
  });
});

test("six that are deleted at once are seen to be archived", async () => {
  const { seconds, left, refused } = await deletionsOf(6);
  expect([left, refused]).toEqual([0, 0]);
  // Six requests and a minute until the last is archived; then six polls.
  expect(seconds).toBeLessThanOrEqual(1.5 * 180);
});
