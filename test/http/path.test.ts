import { expect, test } from "vitest";
import { type PathValue, path } from "../../provider/http/path.ts";

test.each<[string, PathValue, string]>([
  ["a slash", "a/b", "/apps/a%2Fb/formation"],
  ["a question mark", "a?b", "/apps/a%3Fb/formation"],
  ["a fragment", "a#b", "/apps/a%23b/formation"],
  ["a backslash", "a\\b", "/apps/a%5Cb/formation"],
  ["spaces and other scripts", "ä b", "/apps/%C3%A4%20b/formation"],
  ["an encoded dot", "%2e%2e", "/apps/%252e%252e/formation"],
  ["three dots", "...", "/apps/.../formation"],
  ["a number", 7, "/apps/7/formation"],
  ["half a character", "\ud800", "/apps/%EF%BF%BD/formation"],
])("%s stays one segment", (_, value, expected) => {
  expect(String(path`/apps/${value}/formation`)).toBe(expected);
});

test.each([
  ["an empty value", "", "Value 1 of a path of the form /apps/{}/formation is empty."],
  ["undefined", undefined, "Value 1 of a path of the form /apps/{}/formation is undefined."],
  ["null", null, "Value 1 of a path of the form /apps/{}/formation is null."],
  ["an object", {}, "Value 1 of a path of the form /apps/{}/formation is [object Object]."],
  [".", ".", 'A path of the form /apps/{}/formation would have a segment "." or "..".'],
  ["..", "..", 'A path of the form /apps/{}/formation would have a segment "." or "..".'],
])("%s is rejected", (_, value, message) => {
  // As it comes from a program without types.
  const untyped = value as string;
  expect(() => path`/apps/${untyped}/formation`).toThrow(new TypeError(message));
});

test("dots that only together make a segment are rejected", () => {
  expect(() => path`/apps/.${"."}`).toThrow(TypeError);
});
