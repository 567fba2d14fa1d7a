import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../../build/repository.ts";
import { shortestRefresh } from "./optimum.ts";
import { refreshOf } from "./run.ts";

const page = readFileSync(join(repository, "docs", "scale.md"), "utf8");
const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;

test("a refresh on one machine takes what the page on scale says, and nothing is refused", async () => {
  const { seconds, refused, failed } = await refreshOf(40);
  expect({ refused, failed }).toEqual({ refused: 0, failed: 0 });
  expect(page).toContain(`| 40 | 1 | ${minutes(seconds)} | 0 |`);
});

// How many requests are refused, and whether that costs a slot, depends on who asks first.
test.each([
  [2, 20],
  [10, 100],
])(
  "%i machines that know nothing of each other are refused, fail at nothing and take a minute longer at most",
  async (machines, about) => {
    const { seconds, requests, refused, failed } = await refreshOf(40, machines);

    expect(failed).toBe(0);
    expect(requests).toBe(40 + refused);
    expect(refused).toBeGreaterThan(about / 4);
    expect(refused).toBeLessThan(about * 4);
    expect(seconds).toBeGreaterThanOrEqual(shortestRefresh(40));
    expect(seconds).toBeLessThanOrEqual(shortestRefresh(40) + 70);
    expect(page).toContain(`| 40 | ${machines} | 7 to 8 min | about ${about} |`);
  },
);
