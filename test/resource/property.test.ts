import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { flag, integer, oneOf } from "../../provider/resource/property.ts";

describe("numbers and booleans given as text", () => {
  test.each<[string, z.ZodType, unknown, unknown]>([
    ["a negative number", integer(), "-7", -7],
    ["a number of any size without limits", integer(), 12345, 12345],
    ["the least", integer({ min: 0 }), "0", 0],
    ["the most", integer({ max: 9 }), "9", 9],
    ["one of a few", oneOf([1, 2]), "2", 2],
    ["true", flag(), "true", true],
    ["false", flag(), "false", false],
    ["a boolean", flag(), true, true],
  ])("are taken: %s", (_, property, given, expected) => {
    expect(property.parse(given)).toBe(expected);
  });

  test.each<[string, z.ZodType, unknown]>([
    ["a fraction", integer(), "1.5"],
    ["another notation", integer(), "1e3"],
    ["a number with a unit", integer(), "5 GB"],
    ["nothing", integer(), ""],
    ["too little", integer({ min: 0 }), "-1"],
    ["too much", integer({ max: 9 }), "10"],
    ["none of a few", oneOf([1, 2]), "3"],
    ["another word", flag(), "True"],
    ["a number", flag(), 1],
  ])("are refused: %s", (_, property, given) => {
    expect(property.safeParse(given).success).toBe(false);
  });
});
