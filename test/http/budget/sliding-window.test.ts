import { expect, test } from "vitest";
import {
  emptyWindow,
  refuse,
  takeSlot,
  type Window,
} from "../../../provider/http/budget/sliding-window.ts";

const NOW = 10_000_000;

/** What `limit` slots of a window that begins with `taken` look like from NOW. */
function freeAt(taken: number[], limit: number, refusedUntil = 0): number | undefined {
  return takeSlot({ taken, refusedUntil }, NOW, limit).freeAt;
}

test.each<[string, number[], number, number | undefined]>([
  ["an empty window has room", [], 1, undefined],
  [
    "a full window has none until its oldest request is a minute and a second old",
    [NOW - 1_000, NOW],
    2,
    NOW + 60_000,
  ],
  ["what is that old counts no more", [NOW - 61_000, NOW], 2, undefined],
  ["a limit that shrank counts the newest", [NOW - 3, NOW - 2, NOW - 1], 2, NOW + 60_998],
  ["a request of the future does not count", [NOW + 50_000], 1, undefined],
])("%s", (_, taken, limit, expected) => {
  expect(freeAt(taken, limit)).toBe(expected);
});

test("a refusal holds for an empty window too", () => {
  expect(freeAt([], 5, NOW + 7_000)).toBe(NOW + 7_000);
});

test("a refusal that is past does not", () => {
  expect(freeAt([], 5, NOW)).toBeUndefined();
});

test("a refusal that no server asks for is a broken file's", () => {
  expect(freeAt([], 5, NOW + 3_600_001)).toBeUndefined();
});

test("a slot that is given is remembered, and what is too old forgotten", () => {
  const { window } = takeSlot({ taken: [NOW - 70_000, NOW - 1], refusedUntil: 0 }, NOW, 5);
  expect(window.taken).toEqual([NOW - 1, NOW]);
});

test.each<[string, Window, number]>([
  ["is noted", emptyWindow, NOW + 2_000],
  ["does not shorten a longer one", { taken: [], refusedUntil: NOW + 9_000 }, NOW + 9_000],
])("a refusal %s", (_, window, until) => {
  expect(refuse(window, NOW, 2_000).refusedUntil).toBe(until);
});
