import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repository } from "../../../build/repository.ts";
import { durationsOf, optimum, shortestRefresh } from "./optimum.ts";
import { creationsOf, type Outcome, refreshOf } from "./run.ts";

/** Durations that have nothing in common, and those of formations that resemble each other. */
const spreads = { different: [180, 900], alike: [480, 600] } as const;
const sizes = [1, 5, 10, 20, 40];
const seeds = [1, 2, 3, 4, 5];

const outcomes = new Map<string, Promise<Outcome>>();

/** What a run comes to. It is the same each time, so that what several tests look at runs once. */
function outcomeOf(durations: readonly number[]): Promise<Outcome> {
  const key = durations.join();
  const outcome = outcomes.get(key) ?? creationsOf(durations);
  outcomes.set(key, outcome);
  return outcome;
}

const ratio = (ours: number, best: number) => ours / best;

describe.each(Object.entries(spreads))("formations that take %s times", (_, [least, most]) => {
  test.each(sizes.flatMap((count) => seeds.map((seed) => [count, seed] as const)))(
    "%i of them (seed %i) are ready within 1.15 times the shortest time",
    async (count, seed) => {
      const durations = durationsOf(count, seed, [least, most]);
      const { last, refused } = await outcomeOf(durations);
      expect(ratio(last, optimum(durations).last)).toBeLessThanOrEqual(1.15);
      expect(refused).toBe(0);
    },
  );

  test.each([10, 40])("%i of them from two processes are ready hardly later", async (count) => {
    const durations = durationsOf(count, 1, [least, most]);
    const { last, polls, refused } = await creationsOf(durations, 2);
    expect(ratio(last, optimum(durations).last)).toBeLessThanOrEqual(1.3);
    expect(Math.min(...polls)).toBeGreaterThanOrEqual(1);
    expect(refused).toBe(0);
  });
});

test.each([3, 17, 39])(
  "one of forty (%i) that is ready long before the others is seen before each has been polled once",
  async (quick) => {
    const durations = Array.from({ length: 40 }, (_, index) => (index === quick ? 300 : 900));
    const { first, polls } = await creationsOf(durations);
    expect(first).toBeLessThanOrEqual(optimum(durations).first + 40 * 12.2);
    expect(Math.max(...polls)).toBeLessThanOrEqual(10);
  },
);

describe("what the page on performance says of the limit", () => {
  const page = readFileSync(join(repository, "docs", "performance.md"), "utf8");
  const section = page.slice(page.indexOf("## Citus Cloud's rate limit"));
  const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;

  test.each(sizes)("is what a run shows: %i formations", async (count) => {
    const cells: string[] = [];
    for (const [least, most] of Object.values(spreads)) {
      const durations = durationsOf(count, 1, [least, most]);
      const { last } = await outcomeOf(durations);
      const best = optimum(durations).last;
      cells.push(minutes(best), minutes(last), ratio(last, best).toFixed(2));
    }
    expect(section).toContain(`| ${count} | ${cells.join(" | ")} |`);
  });

  test("is what a run shows: the first of forty, and a refresh", async () => {
    const durations = durationsOf(40, 1);
    const { first } = await outcomeOf(durations);
    const refresh = await refreshOf(40);
    const times = [optimum(durations).first, first, shortestRefresh(40), refresh.seconds];
    const [bestFirst, ourFirst, bestRefresh, ourRefresh] = times.map(minutes);
    expect(section).toContain(
      `| the first of 40 is seen to be ready | ${bestFirst} | ${ourFirst} |`,
    );
    expect(section).toContain(`| a refresh of 40 | ${bestRefresh} | ${ourRefresh} |`);
    expect(refresh).toMatchObject({ requests: 40, refused: 0 });
  });
});
