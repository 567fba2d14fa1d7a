import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  holdsSecret,
  isSecretAt,
  secretProperties,
  secretsIn,
  secretsOf,
} from "../../provider/resource/secrets.ts";

const secret = z.string().min(3).meta({ secret: true });

describe("whether a value holds a secret, or lies in one", () => {
  const tree = z.object({
    plain: z.string(),
    own: secret.optional(),
    list: z.array(secret),
    lists: z.array(z.object({ name: z.string(), key: secret })),
    record: z.record(z.string(), secret).optional(),
    within: z.object({ deep: z.string() }).meta({ secret: true }),
    time: z.date().optional(),
    either: z.union([z.string(), z.object({ key: secret, name: z.string() })]),
    whole: z.union([z.number(), secret]),
    kind: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("key"), key: secret }),
      z.object({ kind: z.literal("name"), name: z.string() }),
    ]),
    both: z.intersection(z.object({ key: secret }), z.object({ name: z.string() })),
    pair: z.tuple([z.string(), secret]),
    rest: z.tuple([z.string()], secret),
    loose: z.object({ name: z.string() }).catchall(secret),
    deep: z.array(z.tuple([z.union([z.number(), z.record(z.string(), secret)])])),
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
    [["either"], true],
    [["either", "key"], true],
    [["either", "name"], false],
    [["whole"], true],
    [["kind", "key"], true],
    [["kind", "name"], false],
    [["both", "key"], true],
    [["both", "name"], false],
    [["pair"], true],
    [["pair", 0], false],
    [["pair", 1], true],
    [["rest", 7], true],
    [["loose", "any"], true],
    [["deep", 3, 0, "any"], true],
  ])("at %j: %s", (path, expected) => {
    expect(isSecretAt(secretsOf(tree), path)).toBe(expected);
  });

  test("is found for each property of an object", () => {
    const plain = ["plain", "time"];
    const expected = Object.keys(tree.shape).filter((key) => !plain.includes(key));
    expect(secretProperties(tree)).toEqual(new Set(expected));
  });
});

test("what is given is looked at as well as what it becomes", () => {
  const given = z.object({ key: secret }).transform(({ key }) => key.length);
  const becomes = z.preprocess((value) => value, z.object({ key: secret }));
  expect(holdsSecret(secretsOf(given))).toBe(true);
  expect(holdsSecret(secretsOf(becomes))).toBe(true);
});

test("the walk of a schema is kept", () => {
  const schema = z.object({ key: secret });
  expect(secretsOf(schema)).toBe(secretsOf(schema));
});

test("a schema with references is refused, since a secret could hide behind one", () => {
  expect(() => secretsIn({ properties: { key: { $ref: "#/$defs/key" } } })).toThrow(TypeError);
});
