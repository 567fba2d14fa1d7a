import { describe, expect, test } from "vitest";
import { projectDrift } from "../../provider/resource/drift.ts";
import { sameReplaceOnly } from "../../provider/resource/names.ts";
import { unknownValue, type Values } from "../../provider/resource/values.ts";
import { rules } from "./made-up.ts";
import { made, stateOf } from "./made-up-resource.ts";

describe("a refresh writes back into the inputs", () => {
  const applied = { region: "east", disk: 100, ha: true, hint: "x", owner: "ann" };
  test.each<[string, Values, Values]>([
    ["nothing where nothing drifted", {}, applied],
    ["drift that the next run would undo", { disk: 50 }, { ...applied, disk: 50 }],
    ["no property that the program does not set", { size: "tiny", note: "new" }, applied],
    ["no property that only a replacement could change", { region: "west" }, applied],
    ["no property that a rule keeps", { owner: "bob" }, applied],
    ["no other spelling", { disk: 100, ha: true }, applied],
    ["no output", { state: "broken" }, applied],
  ])("%s", (_, drift, expected) => {
    expect(projectDrift(made({}), applied, stateOf(drift))).toEqual(expected);
  });

  test("nothing into hidden keys", () => {
    const marked = { ...applied, __autoname: true };
    expect(projectDrift(made({}), marked, stateOf({ __autoname: null }))).toEqual(marked);
  });

  test("that a property is gone from the server", () => {
    const { ha: _, ...rest } = applied;
    const inputs = projectDrift(made({}), applied, stateOf({ ha: undefined }));
    expect(inputs).toEqual(rest);
    expect(Object.hasOwn(inputs, "ha")).toBe(false);
  });

  test("nothing that the next run would refuse to undo", () => {
    const applied = { disk: 50 };
    expect(projectDrift(made({}), applied, stateOf({ disk: 100 }))).toEqual(applied);
  });

  test("into a copy", () => {
    const before = { disk: 100 };
    projectDrift(made({}), before, stateOf({ disk: 50 }));
    expect(before).toEqual({ disk: 100 });
  });
});

describe("inputs ask for the same resource", () => {
  const olds = { region: "east", zone: "a", disk: 100, name: "db" };
  test.each<[string, Values, boolean]>([
    ["where all is the same", {}, true],
    ["whatever can be updated", { disk: 200, note: "x" }, true],
    ["whatever the name", { name: "other" }, true],
    ["whatever the hidden keys", { __autoname: true }, true],
    ["not with another replace-only value", { region: "west" }, false],
    ["not with one replace-only value of several", { zone: "b" }, false],
    ["not without a replace-only value", { zone: undefined }, false],
    ["not with a replace-only value that is not known yet", { region: unknownValue }, false],
  ])("%s", (_, change, expected) => {
    expect(sameReplaceOnly(made({}), olds, { ...olds, ...change })).toBe(expected);
  });

  const replacing = { ...rules, properties: [] };
  const definition = made({
    plan: {
      ...replacing,
      properties: [
        { change: "all", properties: ["name", "size", "ha", "disk"], becomes: "replace", why: "" },
      ],
    },
  });
  test.each<[string, Values, Values]>([
    ["another spelling by the resource's rule", { size: "large" }, { size: "LARGE" }],
    ["a number given as text", { disk: 100 }, { disk: "100" }],
    ["a default written out", {}, { ha: false }],
    ["a default left out", { ha: false }, {}],
    ["another name, though only a replacement changes it", { name: "a" }, { name: "b" }],
  ])("with %s", (_, before, after) => {
    expect(sameReplaceOnly(definition, before, after)).toBe(true);
  });

  test("not where one of two spellings is absent, which the resource's rule is not asked about", () => {
    expect(sameReplaceOnly(definition, { size: "undefined" }, {})).toBe(false);
  });
});
