import { describe, expect, test } from "vitest";
import { SimilarWaits } from "../../provider/resource/similar-waits.ts";

const minute = 60_000;

describe("how likely a poll ends a wait", () => {
  test("is nothing right after the last poll, and half after as much time again, where nothing is known", () => {
    const wait = new SimilarWaits().begin(0);
    expect(wait.likelihood(0)).toBe(0);
    wait.polled(4 * minute, false);
    expect(wait.likelihood(4 * minute)).toBe(0);
    expect(wait.likelihood(8 * minute)).toBe(1 / 2);
    expect(wait.likelihood(16 * minute)).toBe(3 / 4);
  });

  test("grows with those that were done by the same age, and shrinks with those that took longer", () => {
    const waits = new SimilarWaits();
    for (const age of [6, 7, 12]) {
      const done = waits.begin(0);
      done.polled(age * minute, true);
      done.end();
    }
    const wait = waits.begin(0);
    wait.polled(5 * minute, false);
    expect(wait.likelihood(5.5 * minute)).toBeLessThan(0.1);
    expect(wait.likelihood(10 * minute)).toBe((2 + 1 / 2) / 4);
    wait.polled(8 * minute, false);
    // Of those that took more than eight minutes there is one.
    expect(wait.likelihood(16 * minute)).toBe((1 + 1 / 2) / 2);
  });

  test("shrinks with those that go on at a greater age, the more the older they were seen", () => {
    const waits = new SimilarWaits();
    const [older, oldest, wait] = [waits.begin(0), waits.begin(0), waits.begin(0)];
    wait.polled(4 * minute, false);
    older.polled(6 * minute, false);
    oldest.polled(20 * minute, false);
    expect(wait.likelihood(8 * minute)).toBe(1 / 2 / 2.5);
    older.end();
    oldest.end();
    expect(wait.likelihood(8 * minute)).toBe(1 / 2);
  });

  test("counts from the beginning of what is awaited, also where its time is ahead of the machine's", () => {
    const waits = new SimilarWaits();
    expect(waits.begin(0).likelihood(60 * minute)).toBeGreaterThan(0.99);
    expect(waits.begin(minute).likelihood(0)).toBe(0);
  });
});
