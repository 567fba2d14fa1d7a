import { expect, test } from "vitest";
import { parseRetryAfter, retryDelay } from "../../provider/http/retry-decision.ts";

test("where the server asks for no delay, it grows with the failures", () => {
  const delays = [1, 2, 3].map((failures) => retryDelay(failures, undefined, 1));
  expect(delays).toEqual([1_000, 2_000, 4_000]);
});

test.each([
  ["is kept to however long it is", 600_000, 0, 600_000],
  ["gets at most a second on top", 600_000, 1, 601_000],
  ["gets at most a tenth on top", 2_000, 1, 2_200],
  ["of zero still means a pause", 0, 0, 250],
])("a wish of the server %s", (_, wish, random, delay) => {
  expect(retryDelay(1, wish, random)).toBe(delay);
});

const now = Date.parse("2026-03-01T12:00:00Z");

test.each([
  ["seconds", "120", 120_000],
  ["fractions of a second", "1.5", 1_500],
  ["no time", "0", 0],
  ["a date", "Sun, 01 Mar 2026 12:00:30 GMT", 30_000],
  ["an obsolete date", "Sunday, 01-Mar-26 12:00:30 GMT", 30_000],
  ["a date that is past", "Sun, 01 Mar 2026 11:00:00 GMT", 0],
  ["nothing", undefined, undefined],
  ["an empty value", "", undefined],
  ["a negative number", "-5", undefined],
  ["a word", "soon", undefined],
  ["a date of another format", "2026-03-01T12:00:30Z", undefined],
  ["a date that does not exist", "Sun, 99 Foo 2026 12:00:30 GMT", undefined],
])("Retry-After with %s", (_, value, expected) => {
  expect(parseRetryAfter(value, undefined, now)).toBe(expected);
});

test.each([
  ["ahead", "Sun, 01 Mar 2026 12:29:30 GMT", "Sun, 01 Mar 2026 12:30:00 GMT"],
  ["behind", "Sun, 01 Mar 2026 11:29:30 GMT", "Sun, 01 Mar 2026 11:30:00 GMT"],
])("a date of a server whose clock is %s counts from the response's own", (_, sentAt, until) => {
  expect(parseRetryAfter(until, sentAt, now)).toBe(30_000);
});
