import { expect, test } from "vitest";
import {
  emptyWindow,
  refuse,
  takeTurn,
  type Window,
} from "../../../provider/http/budget/sliding-window.ts";

const now = 10_000_000;

/** What `limit` slots of a window that begins with `taken` look like from now. */
function freeAt(taken: number[], limit: number, refusedUntil = 0): number | undefined {
  return takeTurn({ taken, refusedUntil }, now, limit).freeAt;
}

test.each<[string, number[], number, number | undefined]>([
  ["an empty window has room", [], 1, undefined],
  [
    "a full window has none until its oldest request is a minute and a second old",
    [now - 1_000, now],
    2,
    now + 60_000,
  ],
  ["what is that old counts no more", [now - 61_000, now], 2, undefined],
  ["a limit that shrank counts the newest", [now - 3, now - 2, now - 1], 2, now + 60_998],
  ["a request of the future does not count", [now + 50_000], 1, undefined],
])("%s", (_, taken, limit, expected) => {
  expect(freeAt(taken, limit)).toBe(expected);
});

test("a refusal holds for an empty window too", () => {
  expect(freeAt([], 5, now + 7_000)).toBe(now + 7_000);
});

test("a refusal that is past does not", () => {
  expect(freeAt([], 5, now)).toBeUndefined();
});

test("a refusal that no server asks for is a broken file's", () => {
  expect(freeAt([], 5, now + 600_001)).toBeUndefined();
});

test("a slot that is given is remembered, and what is too old forgotten", () => {
  const { window } = takeTurn({ taken: [now - 70_000, now - 1], refusedUntil: 0 }, now, 5);
  expect(window.taken).toEqual([now - 1, now]);
});

test.each<[string, Window, number]>([
  ["is noted", emptyWindow, now + 2_000],
  ["does not shorten a longer one", { taken: [], refusedUntil: now + 9_000 }, now + 9_000],
])("a refusal %s", (_, window, until) => {
  expect(refuse(window, now, 2_000).refusedUntil).toBe(until);
});
