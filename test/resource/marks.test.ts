import { describe, expect, test } from "vitest";
import { type Marks, pack, unpack } from "../../provider/resource/marks.ts";
import type { Values } from "../../provider/resource/values.ts";

const properties = { name: "db", disk: 0, ha: false };

describe("marks are where states of earlier runs have them:", () => {
  test.each<[keyof Marks, Marks, Values]>([
    ["autonamed", { autonamed: true }, { __autoname: true }],
    ["pending", { pending: true }, { __pending: true }],
    ["unfinished", { unfinished: ["disk"] }, { __unfinished: ["disk"] }],
    ["predecessors", { predecessors: ["a", "b"] }, { __predecessors: ["a", "b"] }],
  ])("%s", (key, marks, hidden) => {
    const bag = { ...properties, ...hidden };
    expect(pack({ properties, marks })).toStrictEqual(bag);
    expect(unpack(bag).properties).toStrictEqual(properties);
    expect(unpack(bag).marks[key]).toEqual(marks[key]);
  });
});

test("all marks come back", () => {
  const marks = { autonamed: true, pending: true, unfinished: ["disk"], predecessors: ["a"] };
  expect(unpack(pack({ properties, marks }))).toEqual({ properties, marks });
});

test("a mark that says nothing is not written", () => {
  const marks = { autonamed: false, pending: false, unfinished: [], predecessors: [] };
  expect(pack({ properties, marks })).toStrictEqual(properties);
});

test.each<[string, Values]>([
  ["null", { note: null }],
  ["hidden keys of a host", { __provider: "x", __defaults: [] }],
  ["marks of another type", { __autoname: 1, __pending: "x", __unfinished: "disk" }],
])("%s is left out of properties and marks", (_, noise) => {
  expect(unpack({ ...properties, ...noise })).toEqual(unpack(properties));
});
