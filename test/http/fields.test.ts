import { expect, test } from "vitest";
import { z } from "zod";
import {
  neededList,
  nullableField,
  optionalField,
  optionalList,
  timestamp,
} from "../../provider/http/fields.ts";

test.each([
  ["2019-01-01T00:00:00Z", true],
  ["2019-01-01T00:00:00.123456789+02:00", true],
  ["2019-13-01T00:00:00Z", false],
  ["2019-01-01T00:00:00", false],
  ["build 7", false],
  ["yesterday", false],
  ["", false],
  [5, false],
])("%j is a time: %s", (value, expected) => {
  expect(timestamp().safeParse(value).success).toBe(expected);
});

test.each([
  ["a", "a", "a"],
  [null, undefined, null],
  [undefined, undefined, undefined],
  [5, undefined, undefined],
  [{}, undefined, undefined],
])("of %j, an optional text is %j and a nullable one %j", (value, optional, nullable) => {
  expect(optionalField(z.string()).parse(value)).toBe(optional);
  expect(nullableField(z.string()).parse(value)).toBe(nullable);
});

test.each([
  [["a"], ["a"]],
  [
    ["a", 1, null, "b"],
    ["a", "b"],
  ],
  [null, []],
  [undefined, []],
  ["a", []],
])("of %j, an optional list is %j", (value, expected) => {
  expect(optionalList(z.string()).parse(value)).toEqual(expected);
});

test.each([
  [["a"], ["a"]],
  [[], []],
  [null, []],
])("of %j, a needed list is %j", (value, expected) => {
  expect(neededList(z.string()).parse(value)).toEqual(expected);
});

test.each(["a", {}, [1], undefined])("%j is not a needed list of strings", (value) => {
  expect(neededList(z.string()).safeParse(value).success).toBe(false);
});
