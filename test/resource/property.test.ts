import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  flag,
  holdsSecret,
  integer,
  oneOf,
  secretProperties,
} from "../../provider/resource/property.ts";

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

describe("whether a value holds a secret, or lies in one", () => {
  const secret = z.string().min(3).meta({ secret: true });
  const tree = z.object({
    plain: z.string(),
    own: secret.optional(),
    list: z.array(secret),
    lists: z.array(z.object({ name: z.string(), key: secret })),
    record: z.record(z.string(), secret).optional(),
    within: z.object({ deep: z.string() }).meta({ secret: true }),
    time: z.date().optional(),
  });
  test.each<[PropertyKey[], boolean]>([
    [[], true],
    [["plain"], false],
    [["own"], true],
    [["list"], true],
    [["list", 0], true],
    [["lists", 0], true],
    [["lists", 0, "name"], false],
    [["lists", 0, "key"], true],
    [["record"], true],
    [["record", "any"], true],
    [["within", "deep"], true],
    [["plain", "below"], false],
    [["unknown", "below"], false],
    [["time"], false],
  ])("at %j: %s", (path, expected) => {
    expect(holdsSecret(tree, path)).toBe(expected);
  });

  test("is found for each property of an object, once", () => {
    const found = secretProperties(tree);
    expect(found).toEqual(new Set(["own", "list", "lists", "record", "within"]));
    expect(secretProperties(tree)).toBe(found);
  });

  test("is seen of what is given, not of what it becomes", () => {
    const parsed = z.object({ key: secret }).transform(({ key }) => key.length);
    expect(holdsSecret(parsed)).toBe(true);
  });
});
