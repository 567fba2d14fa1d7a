import { expect, test } from "vitest";
import { timestamp } from "../../provider/http/endpoint.ts";

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
