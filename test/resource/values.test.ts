import * as pulumi from "@pulumi/pulumi/runtime/rpc.js";
import { describe, expect, test } from "vitest";
import { secretMark } from "../../build/engine/events.ts";
import * as own from "../../provider/resource/values.ts";
import {
  containsUnknown,
  isHidden,
  present,
  show,
  unknownValue,
  utc,
} from "../../provider/resource/values.ts";

describe("a value in a message", () => {
  test.each<[string, unknown, string]>([
    ["text", "a", '"a"'],
    ["a number", 2, "2"],
    ["a number in text", "2", '"2"'],
    ["false", false, "false"],
    ["a list", ["a", 1], '["a",1]'],
    ["absent", undefined, "(not set)"],
    ["null", null, "(not set)"],
    ["as long as is shown whole", "x".repeat(78), `"${"x".repeat(78)}"`],
    ["longer", "x".repeat(79), `"${"x".repeat(76)}…`],
  ])("%s", (_, value, text) => {
    expect(show(value)).toBe(text);
  });
});

test("null is left out, false and the like are not", () => {
  const values = { a: null, b: undefined, c: false, d: 0, e: "" };
  expect(present(values)).toStrictEqual({ c: false, d: 0, e: "" });
});

test.each([
  ["__provider", true],
  ["_id", false],
  ["name", false],
])("whether %s is a hidden key: %s", (key, expected) => {
  expect(isHidden(key)).toBe(expected);
});

describe("a time", () => {
  test.each<[string, string | number | Date, string]>([
    ["in UTC stays", "2019-01-01T00:00:00Z", "2019-01-01T00:00:00Z"],
    ["elsewhere is put in UTC", "2019-01-01T01:30:00+01:30", "2019-01-01T00:00:00Z"],
    ["keeps its milliseconds", "2019-01-01T00:00:00.250000Z", "2019-01-01T00:00:00.250Z"],
    ["may be milliseconds since the epoch", 0, "1970-01-01T00:00:00Z"],
    ["may be a date", new Date(0), "1970-01-01T00:00:00Z"],
  ])("%s", (_, time, expected) => {
    expect(utc(time)).toBe(expected);
  });
});

describe("whether a value is unknown", () => {
  test.each<[unknown, boolean]>([
    [unknownValue, true],
    [["a", { b: [unknownValue] }], true],
    ["a", false],
    [{ a: null, b: [1, undefined] }, false],
    [null, false],
  ])("%j", (value, expected) => {
    expect(containsUnknown(value)).toBe(expected);
  });
});

describe("the special values are Pulumi's own:", () => {
  test.each<[string, string, string]>([
    ["the key", own.kindKey, pulumi.specialSigKey],
    ["a secret", own.secretKind, pulumi.specialSecretSig],
    ["an output", own.outputKind, pulumi.specialOutputValueSig],
    ["a resource", own.resourceKind, pulumi.specialResourceSig],
    ["an unknown", own.unknownValue, pulumi.unknownValue],
    ["the key in the engine's events", secretMark, pulumi.specialSigKey],
  ])("%s", (_, ours, theirs) => {
    expect(ours).toBe(theirs);
  });
});
