import { describe, expect, test } from "vitest";
import { z } from "zod";
import { autonameMark } from "../../provider/resource/names.ts";
import type { Values } from "../../provider/resource/values.ts";
import {
  appliedInputs,
  formerInputs,
  handedOn,
  withApplied,
  withFormer,
} from "../../sdk/dynamic/marks.ts";
import { made } from "../resource/made-up-resource.ts";

const definition = made({});

describe("inputs remember what they were in the run before", () => {
  test.each<[string, Values, Values]>([
    ["where nothing changed", { disk: 100, note: "a" }, { disk: 100, note: "a" }],
    ["where a value changed", { disk: 100, note: "a" }, { disk: 200, note: "a" }],
    ["where an input was added", { disk: 100 }, { disk: 100, note: "a" }],
    ["where an input was removed", { disk: 100, note: "a" }, { disk: 100 }],
    ["where all changed", { disk: 100 }, { note: "a" }],
    ["where an object changed inside", { note: { a: [1] } }, { note: { a: [2] } }],
    ["where a value was false", { ha: false }, { ha: true }],
  ])("%s", (_, before, now) => {
    expect(formerInputs(withFormer(definition, now, before))).toEqual(before);
  });

  test("without repeating what has not changed", () => {
    const marked = withFormer(definition, { disk: 200, note: "a" }, { disk: 100, note: "a" });
    expect(marked).toEqual({ disk: 200, note: "a", __former: { disk: 100 } });
  });

  test("without a mark where nothing changed", () => {
    const now = { disk: 100, [autonameMark]: true };
    expect(withFormer(definition, now, { disk: 100, __provider: "text", note: null })).toEqual(now);
  });

  test("without the marks of the run before", () => {
    const before = { disk: 100, __former: { disk: 50 }, [autonameMark]: true };
    const marked = withFormer(definition, { disk: 200 }, before);
    expect(marked).toEqual({ disk: 200, __former: { disk: 100 } });
  });

  test("as they are now where nothing is remembered", () => {
    expect(formerInputs({ disk: 100, [autonameMark]: true })).toEqual({ disk: 100 });
  });

  test("without a secret, of which they remember only that it was another", () => {
    const secret = z.string().optional().meta({ secret: true });
    const { shape } = made({}).inputs;
    const own = made({ inputs: z.object({ ...shape, note: secret, owner: secret }) });
    const marked = withFormer(own, { note: "new", owner: "bob" }, { note: "hunter2", disk: 1 });
    expect(marked.__former).toEqual({ note: "(secret)", owner: null, disk: 1 });
    expect(formerInputs(marked)).toEqual({ note: "(secret)", disk: 1 });
  });
});

describe("a state remembers what the program asked", () => {
  const state = { disk: 100, region: "east", size: "small", state: "ready" };
  test.each<[string, Values]>([
    ["where the server has just that", { disk: 100, region: "east", size: "small" }],
    ["where the program leaves inputs to the server", { disk: 100 }],
    ["where the server has something else", { disk: 50, region: "west", size: "small" }],
    ["where the server does not show it", { disk: 100, note: "a" }],
    ["where the program asks for nothing", {}],
    ["where the provider made the name", { disk: 100, [autonameMark]: true }],
  ])("%s", (_, applied) => {
    expect(appliedInputs(definition, withApplied(definition, state, applied))).toEqual(applied);
  });

  test("where the program gives null, as where it gives nothing", () => {
    const marked = withApplied(definition, state, { disk: 100, region: null });
    expect(appliedInputs(definition, marked)).toEqual({ disk: 100 });
  });

  test("without a mark where there is nothing to say", () => {
    const applied = { disk: 100, region: "east", size: "small", __provider: "text" };
    expect(withApplied(definition, state, applied)).toEqual(state);
  });

  test("in marks that say the least", () => {
    const marked = withApplied(definition, state, { disk: 50, size: "small" });
    expect(marked).toEqual({ ...state, __unset: ["region"], __applied: { disk: 50 } });
  });

  test("without taking outputs for inputs", () => {
    expect(appliedInputs(definition, { disk: 100, state: "ready" })).toEqual({ disk: 100 });
  });

  test("keeps the other marks of a state", () => {
    const marked = withApplied(definition, { ...state, __pending: true }, { disk: 100 });
    expect(marked.__pending).toBe(true);
  });
});

test.each<[string, Values, Values]>([
  ["that the provider made the name", { [autonameMark]: true, disk: 1 }, { [autonameMark]: true }],
  ["nothing else", { __provider: "text", __former: { disk: 1 }, disk: 1 }, {}],
  ["no mark that says no", { [autonameMark]: false }, {}],
])("a check hands on %s", (_, news, expected) => {
  expect(handedOn(news)).toEqual(expected);
});

test("the marks of the state are where states of earlier runs have them", () => {
  expect(autonameMark).toBe("__autoname");
});
