import { expect, test } from "vitest";
import { z } from "zod";
import { listOf, timestamp } from "../../provider/http/endpoint.ts";

test.each([
  ["2019-01-01T00:00:00Z", true],
  ["2019-01-01T00:00:00.123456789+02:00", true],
  ["2019-13-01T00:00:00Z", false],
  ["yesterday", false],
  ["", false],
  [5, false],
])("%j is a time: %s", (value, expected) => {
  expect(timestamp().safeParse(value).success).toBe(expected);
});

test.each([
  [["a"], ["a"]],
  [[], []],
  [null, []],
  [undefined, []],
])("the list of %j is %j", (value, expected) => {
  expect(listOf(z.string()).parse(value)).toEqual(expected);
});

test.each(["a", {}, [1]])("%j is not a list of strings", (value) => {
  expect(listOf(z.string()).safeParse(value).success).toBe(false);
});
